; The captures are explained in src/facts/query.rs.
(class_declaration) @class
(record_declaration) @class
(struct_declaration) @struct
(interface_declaration) @interface
(enum_declaration) @enum
(delegate_declaration) @type
[
  (namespace_declaration)
  (file_scoped_namespace_declaration)
  (declaration_list)
  (preproc_if)
  (preproc_elif)
  (preproc_else)
] @inside

; In types.
(method_declaration) @method
(constructor_declaration) @constructor
(property_declaration) @field
(field_declaration (variable_declaration (variable_declarator name: (identifier) @name))) @field
(event_field_declaration (variable_declaration (variable_declarator name: (identifier) @name))) @field
(event_declaration) @field
(parameter name: (identifier) @name) @field
(enum_member_declaration) @variant

(using_directive) @import
