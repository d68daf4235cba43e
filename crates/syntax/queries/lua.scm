; The captures are explained in src/facts/query.rs.
(function_declaration) @function
(assignment_statement (variable_list . name: (_) @name)) @variable
(variable_declaration (assignment_statement (variable_list . name: (_) @name)) @variable)
(field name: (identifier) @name) @property
(variable_declaration
  (assignment_statement (expression_list . value: (function_call name: (identifier) @_called)))
  (#eq? @_called "require")) @import
