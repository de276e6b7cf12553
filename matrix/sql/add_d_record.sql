-- The row of a record; columns as in schema.sql.
INSERT INTO d_record (gpu, combination, id, measured, in_table, machine, reporter, text,
                      extraction, date, run_n, vendor, pci, name, driver, driver_public,
                      wsl, kernel, windows, distro, packages, url, door)
VALUES (:gpu, :combination, :id, :measured, :in_table, :machine, :reporter, :text,
        :extraction, :date, :run_n, :vendor, :pci, :name, :driver, :driver_public,
        :wsl, :kernel, :windows, :distro, :packages, :url, :door);
