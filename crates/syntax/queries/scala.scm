; The captures are explained in src/facts/query.rs.
(class_definition) @class
(object_definition) @class
(package_object) @class
(trait_definition) @trait
(enum_definition) @enum
(type_definition) @type
(function_definition) @function
(function_declaration) @function
(val_definition pattern: (identifier) @name) @constant
(val_declaration name: (identifier) @name) @constant
(var_definition pattern: (identifier) @name) @variable
(var_declaration name: (identifier) @name) @variable
(given_definition name: (identifier) @name) @constant
(package_clause body: (template_body) @inside)

; In types.
(class_parameter) @field
(enum_case_definitions) @inside
(simple_enum_case) @variant
(full_enum_case) @variant

(import_declaration) @import
