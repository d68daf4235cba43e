; The captures are explained in src/facts/query.rs.
(function_item) @function
(function_signature_item) @function
(struct_item) @struct
(union_item) @struct
(enum_item) @enum
(trait_item) @trait
(type_item) @type
(associated_type) @type
(const_item) @constant
(static_item) @constant
(macro_definition) @macro
(impl_item type: (_) @container) @extension
(mod_item body: (_)) @module
(foreign_mod_item body: (_) @inside)
(attribute_item) @attribute

; In structs and enums.
(field_declaration) @field
(enum_variant) @variant
