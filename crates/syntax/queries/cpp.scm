; The captures are explained in src/facts/query.rs.
(function_definition) @function
(declaration declarator: (_) @name) @variable
(template_declaration) @wrapper
(namespace_definition) @inside
(alias_declaration) @type
(concept_definition) @type
(class_specifier name: (_) body: (_)) @class
(declaration type: (class_specifier name: (_) body: (_)) @class)
(field_declaration type: (class_specifier name: (_) body: (_)) @class)
(declaration type: (struct_specifier name: (_) body: (_)) @struct)
(declaration type: (union_specifier name: (_) body: (_)) @struct)
(declaration type: (enum_specifier name: (_) body: (_)) @enum)
(type_definition declarator: (_) @name) @type
(type_definition type: (struct_specifier name: (_) body: (_)) @struct)
(type_definition type: (union_specifier name: (_) body: (_)) @struct)
(type_definition type: (enum_specifier name: (_) body: (_)) @enum)
(struct_specifier name: (_) body: (_)) @struct
(union_specifier name: (_) body: (_)) @struct
(enum_specifier name: (_) body: (_)) @enum
(enum_specifier !name body: (_) @inside)
(preproc_def) @macro
(preproc_function_def) @macro

; In structs and enums.
(field_declaration declarator: (_) @name) @field
(field_declaration type: (struct_specifier name: (_) body: (_)) @struct)
(field_declaration type: (union_specifier name: (_) body: (_)) @struct)
(field_declaration type: (enum_specifier name: (_) body: (_)) @enum)
(field_declaration type: (struct_specifier !name body: (_) @inside) !declarator)
(field_declaration type: (union_specifier !name body: (_) @inside) !declarator)
(enumerator) @variant

[
  (preproc_if)
  (preproc_ifdef)
  (preproc_elif)
  (preproc_else)
  (linkage_specification)
  (declaration_list)
] @inside
(preproc_include) @import
