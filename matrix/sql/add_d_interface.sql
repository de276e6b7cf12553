-- The verdict of a scope on an interface; columns as in schema.sql.
INSERT INTO d_interface (gpu, level, driver, wsl, kernel, windows, interface, rules,
                         height, conflict, broken, machines, working, failing, cpu_only)
VALUES (:gpu, :level, :driver, :wsl, :kernel, :windows, :interface, :rules,
        :height, :conflict, :broken, :machines, :working, :failing, :cpu_only);
