"""The inventory as the spreadsheets people know: RVTools' tabs and columns, as XLSX, CSV and JSON."""
