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

