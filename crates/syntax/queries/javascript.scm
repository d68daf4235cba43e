; Beside the query of all scripts.
(field_definition property: (_) @name) @field

(expression_statement
  (assignment_expression
    left: (member_expression object: (identifier) @_object property: (property_identifier) @name)) @constant
  (#eq? @_object "exports"))
(expression_statement
  (assignment_expression
    left: (member_expression
      object: (member_expression object: (identifier) @_object property: (property_identifier) @_exports)
      property: (property_identifier) @name)) @constant
  (#eq? @_object "module")
  (#eq? @_exports "exports"))
