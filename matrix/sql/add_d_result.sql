-- What a record says of an interface; columns as in schema.sql.
INSERT INTO d_result (gpu, interface, record, combination, readings, working, failing, cpu,
                      outcome)
VALUES (:gpu, :interface, :record, :combination, :readings, :working, :failing, :cpu,
        :outcome);
