"""What Mastic puts around a script: the zygote that drivers are forked from, and what scripts expect of PySpark's context."""
