; The captures are explained in src/facts/query.rs.
(class_declaration) @class
(interface_declaration) @interface
(trait_declaration) @trait
(enum_declaration) @enum
(function_definition) @function
(const_declaration (const_element . (name) @name)) @constant
(expression_statement
  (function_call_expression
    function: (name) @_called
    arguments: (arguments . (argument (string (string_content) @name)))) @constant
  (#eq? @_called "define"))
[
  (namespace_definition)
  (compound_statement)
  (if_statement)
] @inside

; In types.
(method_declaration) @method
(property_declaration (property_element name: (variable_name (name) @name))) @field
(property_promotion_parameter name: (variable_name (name) @name)) @field
(enum_case) @variant

(namespace_use_declaration) @import
