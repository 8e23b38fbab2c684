"""规划工坊: packages read, compared, uploaded and put in force."""
