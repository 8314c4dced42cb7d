# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What in a file may not be public: a witness for those who decide, never a judge.

The design is publish-or-not, section 6. Findings never hold values, samples or hashes of
values. Import from the modules: this package loads nothing by itself, so that a web process
that only shows a report does not carry the readers.
"""
