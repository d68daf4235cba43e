; The captures are explained in src/facts/query.rs.
(function_declaration) @function
(method_declaration receiver: (parameter_list (parameter_declaration type: (_) @container))) @method
(type_declaration (type_spec) @type)
(type_declaration (type_alias) @type)
(const_declaration (const_spec name: (identifier) @name) @constant)
(var_declaration (var_spec name: (identifier) @name) @variable)
(var_declaration (var_spec_list (var_spec name: (identifier) @name) @variable))

; In structs and interfaces.
(field_declaration name: (field_identifier) @name) @field
(method_elem) @method

(import_declaration (import_spec) @import)
(import_declaration (import_spec_list (import_spec) @import))
