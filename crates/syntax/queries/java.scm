; The captures are explained in src/facts/query.rs.
(class_declaration) @class
(record_declaration) @class
(interface_declaration) @interface
(annotation_type_declaration) @class
(enum_declaration) @enum

; In types.
(method_declaration) @method
(annotation_type_element_declaration) @method
(constructor_declaration) @constructor
(compact_constructor_declaration) @constructor
(field_declaration declarator: (variable_declarator name: (identifier) @name)) @field
(constant_declaration declarator: (variable_declarator name: (identifier) @name)) @field
(formal_parameter) @field
(enum_constant) @variant
(enum_body_declarations) @inside

(import_declaration) @import
