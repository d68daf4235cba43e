; The captures are explained in src/facts/query.rs.
(function_definition) @function
(variable_assignment name: (variable_name) @name) @variable
(declaration_command (variable_assignment name: (variable_name) @name) @variable)
[
  (if_statement)
  (elif_clause)
  (else_clause)
] @inside
(command
  name: (command_name (word) @_called) . argument: (_)
  (#any-of? @_called "source" ".")) @import
