-- The verdict of a scope on DXG; columns as in schema.sql.
INSERT INTO d_scope (gpu, level, driver, wsl, kernel, windows, rules, verdict, good, bad,
                     noisy, flaky, once, cpu, exceptions, copy, machines, witnesses,
                     first, newest, reports, working, failing, cpu_only, newest_report)
VALUES (:gpu, :level, :driver, :wsl, :kernel, :windows, :rules, :verdict, :good, :bad,
        :noisy, :flaky, :once, :cpu, :exceptions, :copy, :machines, :witnesses,
        :first, :newest, :reports, :working, :failing, :cpu_only, :newest_report);
