; The captures are explained in src/facts/query.rs.
(statement (create_table) @struct)
(statement (create_view) @type)
(statement (create_materialized_view) @type)
(statement (create_type) @type)
(statement (create_function) @function)

; In tables.
(column_definition) @field
