-- The verdict of a scope on a rung; columns as in schema.sql.
INSERT INTO d_rung (gpu, level, driver, wsl, kernel, windows, interface, rung, rules,
                    verdict, good, bad, noisy, flaky, once, cpu, exceptions)
VALUES (:gpu, :level, :driver, :wsl, :kernel, :windows, :interface, :rung, :rules,
        :verdict, :good, :bad, :noisy, :flaky, :once, :cpu, :exceptions);
