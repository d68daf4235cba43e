; Beside the query of C.
(template_declaration) @wrapper
(namespace_definition) @inside
(alias_declaration) @type
(concept_definition) @type
(class_specifier name: (_) body: (_)) @class
(declaration type: (class_specifier name: (_) body: (_)) @class)
(field_declaration type: (class_specifier name: (_) body: (_)) @class)
