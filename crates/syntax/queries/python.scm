; The captures are explained in src/facts/query.rs.
(class_definition) @class
(function_definition) @function
(decorated_definition) @wrapper
(expression_statement (assignment left: (identifier) @name) @constant)
(type_alias_statement left: (type (identifier) @name)) @type
[
  (if_statement)
  (elif_clause)
  (else_clause)
  (try_statement)
  (except_clause)
  (finally_clause)
  (with_statement)
  (block)
] @inside
