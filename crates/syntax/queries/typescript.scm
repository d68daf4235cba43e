; The captures are explained in src/facts/query.rs.
(function_declaration) @function
(generator_function_declaration) @function
(class_declaration) @class
(lexical_declaration (variable_declarator name: (identifier) @name) @constant)
(variable_declaration (variable_declarator name: (identifier) @name) @constant)
(export_statement declaration: (_)) @wrapper

; In classes and objects.
(method_definition) @method
(decorator) @attribute
(pair key: (property_identifier) @name) @property

(import_statement) @import
(export_statement source: (_)) @import
(lexical_declaration
  (variable_declarator value: (call_expression function: (identifier) @_called)) @import
  (#eq? @_called "require"))
(variable_declaration
  (variable_declarator value: (call_expression function: (identifier) @_called)) @import
  (#eq? @_called "require"))

(function_signature) @function
(abstract_class_declaration) @class
(interface_declaration) @interface
(type_alias_declaration) @type
(enum_declaration) @enum
(ambient_declaration) @wrapper
(expression_statement (internal_module body: (_) @inside))
(internal_module body: (_) @inside)
(module body: (_) @inside)
(statement_block) @inside
(import_alias) @import

; In classes, interfaces and object types.
(method_signature) @method
(abstract_method_signature) @method
(public_field_definition) @field
(property_signature) @field

; The parameters of a constructor that are fields.
(required_parameter (accessibility_modifier) pattern: (identifier) @name) @field
(required_parameter "readonly" pattern: (identifier) @name) @field

(enum_body (property_identifier) @name @variant)
(enum_assignment name: (property_identifier) @name) @variant
