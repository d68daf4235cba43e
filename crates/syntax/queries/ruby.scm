; The captures are explained in src/facts/query.rs.
(module) @module
(class) @class
(method) @function
(singleton_method) @function
(assignment left: (constant) @name) @constant
(call arguments: (argument_list . [(method) (singleton_method)] @function))
(singleton_class body: (_) @inside)
[
  (if)
  (unless)
  (then)
  (else)
  (elsif)
  (begin)
  (rescue)
] @inside

; In classes and modules.
(call
  method: (identifier) @_called
  arguments: (argument_list (simple_symbol) @name @field)
  (#any-of? @_called "attr_accessor" "attr_reader" "attr_writer"))

(call
  !receiver
  method: (identifier) @_called
  (#any-of? @_called "require" "require_relative")) @import
