; The captures are explained in src/facts/query.rs.
(class_declaration) @class
(protocol_declaration) @interface
(function_declaration) @function
(property_declaration name: (pattern bound_identifier: (simple_identifier) @name)) @constant
(typealias_declaration) @type

; In types.
(init_declaration "init" @name) @constructor
(protocol_function_declaration) @method
(protocol_property_declaration name: (pattern bound_identifier: (simple_identifier) @name)) @field
(associatedtype_declaration) @type
(enum_entry name: (simple_identifier) @name) @variant

(import_declaration) @import
