; The captures are explained in src/facts/query.rs.
(class_declaration) @class
(object_declaration) @class
(companion_object (class_body) @inside)
(function_declaration) @function
(property_declaration "val" (variable_declaration . (identifier) @name)) @constant
(property_declaration "var" (variable_declaration . (identifier) @name)) @variable
(type_alias type: (identifier) @name) @type

; In classes.
(secondary_constructor "constructor" @name (block)? @body) @constructor
(class_parameter ["val" "var"] . (identifier) @name) @field
(enum_entry (identifier) @name) @variant

(import) @import
