; Beside the query of all scripts.
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
