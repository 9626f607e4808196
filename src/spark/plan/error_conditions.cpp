// The table is in alphabetical order; add a row where it belongs.
#include "spark/plan/error_conditions.h"

#include <iterator>

namespace mastic::spark {
namespace {

constexpr ErrorCondition conditions[] = {
    {"AGGREGATE_FUNCTION_WITH_NONDETERMINISTIC_EXPRESSION", "42845",
     "Non-deterministic expression <sqlExpr> should not appear in the arguments of an aggregate function."},
    {"ALL_PARTITION_COLUMNS_NOT_ALLOWED", "KD005", "Cannot use all columns for partition columns."},
    {"AMBIGUOUS_COLUMN_OR_FIELD", "42702", "Column or field <name> is ambiguous and has <n> matches."},
    {"AMBIGUOUS_COLUMN_REFERENCE", "42702",
     "Column <name> is ambiguous. It's because you joined several DataFrame together, and some of these DataFrames are the "
     "same.\nThis column points to one of the DataFrames but Spark is unable to figure out which one.\nPlease alias the "
     "DataFrames with different names via `DataFrame.alias` before joining them,\nand specify the column using qualified "
     "name, e.g. `df.alias(\"a\").join(df.alias(\"b\"), col(\"a.id\") > col(\"b.id\"))`."},
    {"AMBIGUOUS_LATERAL_COLUMN_ALIAS", "42702", "Lateral column alias <name> is ambiguous and has <n> matches."},
    {"AMBIGUOUS_REFERENCE", "42704", "Reference <name> is ambiguous, could be: <referenceNames>."},
    {"AMBIGUOUS_REFERENCE_TO_FIELDS", "42000",
     "Ambiguous reference to the field <field>. It appears <count> times in the schema."},
    {"ARITHMETIC_OVERFLOW", "22003", "<message>.<alternative> If necessary set <config> to \"false\" to bypass this error."},
    {"ARROW_TYPE_MISMATCH", "42K0G", "Invalid schema from <operation>: expected <outputTypes>, got <actualDataTypes>."},
    {"ARTIFACT_ALREADY_EXISTS", "42713",
     "The artifact <normalizedRemoteRelativePath> already exists. Please choose a different name for the new artifact because "
     "it cannot be overwritten."},
    {"AS_OF_JOIN", "42604", "Invalid as-of join."},
    {"AS_OF_JOIN.TOLERANCE_IS_NON_NEGATIVE", "", "The input argument `tolerance` must be non-negative."},
    {"AS_OF_JOIN.TOLERANCE_IS_UNFOLDABLE", "", "The input argument `tolerance` must be a constant."},
    {"AS_OF_JOIN.UNSUPPORTED_DIRECTION", "",
     "Unsupported as-of join direction '<direction>'. Supported as-of join direction include: <supported>."},
    {"ASSIGNMENT_ARITY_MISMATCH", "42802",
     "The number of columns or variables assigned or aliased: <numTarget> does not match the number of source expressions: "
     "<numExpr>."},
    {"BINARY_ARITHMETIC_OVERFLOW", "22003",
     "<value1> <symbol> <value2> caused overflow. Use <functionName> to ignore overflow problem and return NULL."},
    {"CANNOT_LOAD_FUNCTION_CLASS", "46103",
     "Cannot load class <className> when registering the function <functionName>, please make sure it is on the classpath."},
    {"CANNOT_MERGE_INCOMPATIBLE_DATA_TYPE", "42825",
     "Failed to merge incompatible data types <left> and <right>. Please check the data types of the columns being merged and "
     "ensure that they are compatible. If necessary, consider casting the columns to compatible data types before attempting "
     "the merge."},
    {"CANNOT_MERGE_SCHEMAS", "42KD9",
     "Failed merging schemas:\nInitial schema:\n<left>\nSchema that cannot be merged with the initial schema:\n<right>."},
    {"CANNOT_MODIFY_CONFIG", "46110",
     "Cannot modify the value of the Spark config: <key>.\nSee also '<docroot>/sql-migration-guide.html#ddl-statements'."},
    {"CANNOT_MODIFY_STATIC_CONFIG", "46110", "Cannot modify the value of the static Spark config: <key>."},
    {"CANNOT_PARSE_DECIMAL", "22018",
     "Cannot parse decimal. Please ensure that the input is a valid number with optional decimal point or comma separators."},
    {"CANNOT_PARSE_INTERVAL", "22006",
     "Unable to parse <intervalString>. Please ensure that the value provided is in a valid format for defining an interval. "
     "You can reference the documentation for the correct format. If the issue persists, please double check that the input "
     "value is not null or empty and try again."},
    {"CANNOT_PARSE_JSON_FIELD", "2203G",
     "Cannot parse the field name <fieldName> and the value <fieldValue> of the JSON token type <jsonType> to target Spark "
     "data type <dataType>."},
    {"CANNOT_PARSE_TIME", "22010",
     "The input string <input> cannot be parsed to a TIME value because it does not match to "
     "the datetime format <format>."},
    {"CANNOT_PARSE_TIMESTAMP", "22007", "<message>. Use <func> to tolerate invalid input string and return NULL instead."},
    {"CANNOT_RECOGNIZE_HIVE_TYPE", "429BB",
     "Cannot recognize hive type string: <fieldType>, column: <fieldName>. The specified data type for the field cannot be "
     "recognized by Spark SQL. Please check the data type of the specified field and ensure that it is a valid Spark SQL data "
     "type. Refer to the Spark SQL documentation for a list of valid data types and their format. If the data type is "
     "correct, please ensure that you are using a supported version of Spark SQL."},
    {"CANNOT_RESOLVE_DATAFRAME_COLUMN", "42704",
     "Cannot resolve dataframe column <name>. It's probably because of illegal references like "
     "`df1.select(df2.col(\"a\"))`."},
    {"CANNOT_RESOLVE_STAR_EXPAND", "42704",
     "Cannot resolve <targetString>.* given input columns <columns>. Please check that the specified table or struct exists "
     "and is accessible in the input columns."},
    {"CANNOT_UP_CAST_DATATYPE", "42846", "Cannot up cast <expression> from <sourceType> to <targetType>.\n<details>"},
    {"CAST_INVALID_INPUT", "22018",
     "The value <expression> of the type <sourceType> cannot be cast to <targetType> because it is malformed. Correct the "
     "value as per the syntax, or change its target type. Use `try_cast` to tolerate malformed input and return NULL "
     "instead."},
    {"CAST_OVERFLOW", "22003",
     "The value <value> of the type <sourceType> cannot be cast to <targetType> due to an overflow. Use `try_cast` to "
     "tolerate overflow and return NULL instead."},
    {"CAST_OVERFLOW_IN_TABLE_INSERT", "22003",
     "Fail to assign a value of <sourceType> type to the <targetType> type column or variable <columnName> due to an "
     "overflow. Use `try_cast` on the input value to tolerate overflow and return NULL instead."},
    {"CATALOG_NOT_FOUND", "42P08",
     "The catalog <catalogName> not found. Consider to set the SQL config <config> to a catalog plugin."},
    {"COLLATION_INVALID_NAME", "42704",
     "The value <collationName> does not represent a correct collation name. Suggested valid collation names: [<proposals>]."},
    {"COLLATION_MISMATCH", "42P21", "Could not determine which collation to use for string functions and operators."},
    {"COLLATION_MISMATCH.EXPLICIT", "",
     "Error occurred due to the mismatch between explicit collations: [<explicitTypes>]. Decide on a single explicit collation "
     "and remove others."},
    {"COLLATION_MISMATCH.IMPLICIT", "",
     "Error occurred due to the mismatch between implicit collations: [<implicitTypes>]. Use COLLATE function to set the "
     "collation explicitly."},
    {"COLLECTION_SIZE_LIMIT_EXCEEDED", "54000",
     "Can't create array with <numberOfElements> elements which exceeding the array size limit <maxRoundedArrayLength>,"},
    {"COLLECTION_SIZE_LIMIT_EXCEEDED.FUNCTION", "", "unsuccessful try to create arrays in the function <functionName>."},
    {"COLLECTION_SIZE_LIMIT_EXCEEDED.PARAMETER", "",
     "the value of parameter(s) <parameter> in the function <functionName> is invalid."},
    {"COLUMN_ALIASES_NOT_ALLOWED", "42601", "Column aliases are not allowed in <op>."},
    {"COLUMN_ALREADY_EXISTS", "42711",
     "The column <columnName> already exists. Choose another name or rename the existing column."},
    {"COLUMN_NOT_DEFINED_IN_TABLE", "42703",
     "<colType> column <colName> is not defined in table <tableName>, defined table columns are: <tableCols>."},
    {"COLUMN_NOT_FOUND", "42703",
     "The column <colName> cannot be found. Verify the spelling and correctness of the column name according to the SQL "
     "config <caseSensitiveConfig>."},
    {"CONFLICTING_PARTITION_COLUMN_NAMES", "KD009",
     "Conflicting partition column names detected:\n<distinctPartColLists>\nFor partitioned table directories, data files "
     "should only live in leaf directories.\nAnd directories at the same level should have the same partition column "
     "name.\nPlease check the following directories for unexpected files or inconsistent partition column "
     "names:\n<suspiciousPaths>"},
    {"CONFLICTING_DIRECTORY_STRUCTURES", "KD009",
     "Conflicting directory structures detected.\nSuspicious paths:\n<discoveredBasePaths>\nIf provided paths are partition "
     "directories, please set \"basePath\" in the options of the data source to specify the root directory of the table.\nIf "
     "there are multiple root directories, please load them separately and then union them."},
    {"CONNECT_INVALID_PLAN", "56K00", "The Spark Connect plan is invalid."},
    {"CONNECT_INVALID_PLAN.CANNOT_PARSE", "",
     "Cannot decompress or parse the input plan (<errorMsg>)\nThis may be caused by a corrupted compressed plan.\nTo disable "
     "plan compression, set 'spark.connect.session.planCompression.threshold' to -1."},
    {"CONNECT_INVALID_PLAN.CHUNKED_CACHED_LOCAL_RELATION_WITHOUT_DATA", "", "ChunkedCachedLocalRelation should contain data."},
    {"CONNECT_INVALID_PLAN.PLAN_SIZE_LARGER_THAN_MAX", "",
     "The plan size is larger than max (<planSize> vs. <maxPlanSize>)\nThis typically occurs when building very complex "
     "queries with many operations, large literals, or deeply nested expressions.\nConsider splitting the query into smaller "
     "parts using temporary views for intermediate results or reducing the number of operations."},
    {"CREATE_VIEW_COLUMN_ARITY_MISMATCH", "21S01", "Cannot create view <viewName>, the reason is"},
    {"CREATE_VIEW_COLUMN_ARITY_MISMATCH.NOT_ENOUGH_DATA_COLUMNS", "",
     "not enough data columns:\nView columns: <viewColumns>.\nData columns: <dataColumns>."},
    {"CREATE_VIEW_COLUMN_ARITY_MISMATCH.TOO_MANY_DATA_COLUMNS", "",
     "too many data columns:\nView columns: <viewColumns>.\nData columns: <dataColumns>."},
    {"DATAFRAME_INPUT_NOT_SINGLE_COLUMN", "42K09", "Input DataFrame must have exactly one column, but got <numColumns>."},
    {"DATAFRAME_INPUT_NOT_STRING_TYPE", "42K09", "Input DataFrame column must be StringType, but got <dataType>."},
    {"DATATYPE_MISMATCH", "42K09", "Cannot resolve <sqlExpr> due to data type mismatch:"},
    {"DATATYPE_MISMATCH.ARRAY_FUNCTION_DIFF_TYPES", "",
     "Input to <functionName> should have been <dataType> followed by a value with same element type, but it's [<leftType>, "
     "<rightType>]."},
    {"DATATYPE_MISMATCH.BINARY_ARRAY_DIFF_TYPES", "",
     "Input to function <functionName> should have been two <arrayType> with same element type, but it's [<leftType>, "
     "<rightType>]."},
    {"DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES", "",
     "the left and right operands of the binary operator have incompatible types (<left> and <right>)."},
    {"DATATYPE_MISMATCH.BINARY_OP_WRONG_TYPE", "",
     "the binary operator requires the input type <inputType>, not <actualDataType>."},
    {"DATATYPE_MISMATCH.CANNOT_CONVERT_TO_JSON", "", "Unable to convert column <name> of type <type> to JSON."},
    {"DATATYPE_MISMATCH.CANNOT_DROP_ALL_FIELDS", "", "Cannot drop all fields in struct."},
    {"DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION", "", "cannot cast <srcType> to <targetType>."},
    {"DATATYPE_MISMATCH.CAST_WITH_CONF_SUGGESTION", "",
     "cannot cast <srcType> to <targetType> with ANSI mode on.\nIf you have to cast <srcType> to <targetType>, you can set "
     "<config> as <configVal>."},
    {"DATATYPE_MISMATCH.CAST_WITH_FUNC_SUGGESTION", "",
     "cannot cast <srcType> to <targetType>.\nTo convert values from <srcType> to <targetType>, you can use the functions "
     "<functionNames> instead."},
    {"DATATYPE_MISMATCH.CREATE_MAP_KEY_DIFF_TYPES", "",
     "The given keys of function <functionName> should all be the same type, but they are <dataType>."},
    {"DATATYPE_MISMATCH.CREATE_MAP_VALUE_DIFF_TYPES", "",
     "The given values of function <functionName> should all be the same type, but they are <dataType>."},
    {"DATATYPE_MISMATCH.CREATE_NAMED_STRUCT_WITHOUT_FOLDABLE_STRING", "",
     "Only foldable `STRING` expressions are allowed to appear at odd position, but they are <inputExprs>."},
    {"DATATYPE_MISMATCH.DATA_DIFF_TYPES", "", "Input to <functionName> should all be the same type, but it's <dataType>."},
    {"DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN", "", "Filter expression <filter> of type <type> is not a boolean."},
    {"DATATYPE_MISMATCH.INVALID_JSON_MAP_KEY_TYPE", "",
     "Input schema <schema> can only contain STRING as a key type for a MAP."},
    {"DATATYPE_MISMATCH.INVALID_JSON_SCHEMA", "", "Input schema <schema> must be a struct, an array, a map or a variant."},
    {"DATATYPE_MISMATCH.INVALID_MAP_KEY_TYPE", "", "The key of map cannot be/contain <keyType>."},
    {"DATATYPE_MISMATCH.INVALID_ORDERING_TYPE", "", "The <functionName> does not support ordering on type <dataType>."},
    {"DATATYPE_MISMATCH.INVALID_ROW_LEVEL_OPERATION_ASSIGNMENTS", "", "\n<errors>"},
    {"DATATYPE_MISMATCH.IN_SUBQUERY_DATA_TYPE_MISMATCH", "",
     "The data type of one or more elements in the left hand side of an IN subquery is not compatible with the data type of "
     "the output of the subquery. Mismatched columns: [<mismatchedColumns>], left side: [<leftType>], right side: "
     "[<rightType>]."},
    {"DATATYPE_MISMATCH.IN_SUBQUERY_LENGTH_MISMATCH", "",
     "The number of columns in the left hand side of an IN subquery does not match the number of columns in the output of "
     "subquery. Left hand side columns(length: <leftLength>): [<leftColumns>], right hand side columns(length: "
     "<rightLength>): [<rightColumns>]."},
    {"DATATYPE_MISMATCH.MAP_CONCAT_DIFF_TYPES", "", "The <functionName> should all be of type map, but it's <dataType>."},
    {"DATATYPE_MISMATCH.MAP_FUNCTION_DIFF_TYPES", "",
     "Input to <functionName> should have been <dataType> followed by a value with same key type, but it's [<leftType>, "
     "<rightType>]."},
    {"DATATYPE_MISMATCH.MAP_ZIP_WITH_DIFF_TYPES", "",
     "Input to the <functionName> should have been two maps with compatible key types, but it's [<leftType>, <rightType>]."},
    {"DATATYPE_MISMATCH.NON_FOLDABLE_INPUT", "",
     "the input <inputName> should be a foldable <inputType> expression; however, got <inputExpr>."},
    {"DATATYPE_MISMATCH.NON_STRING_TYPE", "", "all arguments of the function <funcName> must be strings."},
    {"DATATYPE_MISMATCH.NULL_TYPE", "", "Null typed values cannot be used as arguments of <functionName>."},
    {"DATATYPE_MISMATCH.PARAMETER_CONSTRAINT_VIOLATION", "",
     "The <leftExprName>(<leftExprValue>) must be <constraint> the <rightExprName>(<rightExprValue>)."},
    {"DATATYPE_MISMATCH.RANGE_FRAME_INVALID_TYPE", "",
     "The data type <orderSpecType> used in the order specification does not support the data type <valueBoundaryType> which "
     "is used in the range frame."},
    {"DATATYPE_MISMATCH.RANGE_FRAME_MULTI_ORDER", "",
     "A range window frame with value boundaries cannot be used in a window specification with multiple order by "
     "expressions: <orderSpec>."},
    {"DATATYPE_MISMATCH.RANGE_FRAME_WITHOUT_ORDER", "",
     "A range window frame cannot be used in an unordered window specification."},
    {"DATATYPE_MISMATCH.SEQUENCE_WRONG_INPUT_TYPES", "",
     "<functionName> uses the wrong parameter type. The parameter type must conform to:\n1. The start and stop expressions "
     "must resolve to the same type.\n2. If start and stop expressions resolve to the <startType> type, then the step "
     "expression must resolve to the <stepType> type.\n3. Otherwise, if start and stop expressions resolve to the "
     "<otherStartType> type, then the step expression must resolve to the same type."},
    {"DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_DIFF_TYPES", "",
     "Window frame bounds <lower> and <upper> do not have the same type: <lowerType> <> <upperType>."},
    {"DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_INVALID_BOUND", "",
     "Window frame upper bound <upper> does not follow the lower bound <lower>."},
    {"DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_UNACCEPTED_TYPE", "",
     "The data type of the <location> bound <exprType> does not match the expected data type <expectedType>."},
    {"DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_WITHOUT_FOLDABLE", "",
     "Window frame <location> bound <expression> is not a literal."},
    {"DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_WRONG_COMPARISON", "",
     "The lower bound of a window frame must be <comparison> to the upper bound."},
    {"DATATYPE_MISMATCH.STACK_COLUMN_DIFF_TYPES", "",
     "The data type of the column (<columnIndex>) do not have the same type: <leftType> (<leftParamIndex>) <> <rightType> "
     "(<rightParamIndex>)."},
    {"DATATYPE_MISMATCH.TYPE_CHECK_FAILURE_WITH_HINT", "", "<msg><hint>."},
    {"DATATYPE_MISMATCH.UNEXPECTED_CLASS_TYPE", "", "class <className> not found."},
    {"DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE", "",
     "The <paramIndex> parameter requires the <requiredType> type, however <inputSql> has the type <inputType>."},
    {"DATATYPE_MISMATCH.UNEXPECTED_NULL", "", "The <exprName> must not be null."},
    {"DATATYPE_MISMATCH.UNEXPECTED_RETURN_TYPE", "",
     "The <functionName> requires return <expectedType> type, but the actual is <actualType> type."},
    {"DATATYPE_MISMATCH.UNSUPPORTED_INPUT_TYPE", "", "The input of <functionName> can't be <dataType> type data."},
    {"DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE", "",
     "The <exprName> must be between <valueRange> (current value = <currentValue>)."},
    {"DATATYPE_MISMATCH.WRONG_NUM_ARG_TYPES", "",
     "The expression requires <expectedNum> argument types but the actual number is <actualNum>."},
    {"DATATYPE_MISMATCH.WRONG_NUM_ENDPOINTS", "",
     "The number of endpoints must be >= 2 to construct intervals but the actual number is <actualNumber>."},
    {"DATATYPE_MISSING_SIZE", "42K01",
     "DataType <type> requires a length parameter, for example <type>(10). Please specify the length."},
    {"DATA_SOURCE_NOT_FOUND", "42K02",
     "Failed to find the data source: <provider>. Make sure the provider name is correct and the package is properly "
     "registered and compatible with your Spark version."},
    {"DATETIME_FIELD_OUT_OF_BOUNDS", "22023", ""},
    {"DATETIME_FIELD_OUT_OF_BOUNDS.WITHOUT_SUGGESTION", "",
     "<rangeMessage>. If necessary set <ansiConfig> to \"false\" to bypass this error."},
    {"DATETIME_FIELD_OUT_OF_BOUNDS.WITH_SUGGESTION", "",
     "<rangeMessage>. Use <badFunction> to tolerate invalid input and return NULL instead."},
    {"DATETIME_OVERFLOW", "22008", "Datetime operation overflow: <operation>."},
    {"DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION", "22003", "Decimal precision <precision> exceeds max precision <maxPrecision>."},
    {"DIVIDE_BY_ZERO", "22012",
     "Division by zero. Use `try_divide` to tolerate divisor being 0 and return NULL instead. If necessary set <config> to "
     "\"false\" to bypass this error."},
    {"DUPLICATED_MAP_KEY", "23505",
     "Duplicate map key <key> was found, please check the input data.\nIf you want to remove the duplicated keys, you can set "
     "<mapKeyDedupPolicy> to \"LAST_WIN\" so that the key inserted at last takes precedence."},
    {"DUPLICATED_METRICS_NAME", "42710",
     "The metric name is not unique: <metricName>. The same name cannot be used for metrics with different results. However "
     "multiple instances of metrics with with same result and name are allowed (e.g. self-joins)."},
    {"DUPLICATE_ASSIGNMENTS", "42701", "The columns or variables <nameList> appear more than once as assignment targets."},
    {"DUPLICATE_CLAUSES", "42614", "Found duplicate clauses: <clauseName>. Please, remove one of them."},
    {"DUPLICATE_KEY", "23505", "Found duplicate keys <keyColumn>."},
    {"DUPLICATE_ROUTINE_PARAMETER_ASSIGNMENT", "4274K",
     "Call to routine <routineName> is invalid because it includes multiple argument assignments to the same parameter name "
     "<parameterName>."},
    {"DUPLICATE_ROUTINE_PARAMETER_ASSIGNMENT.BOTH_POSITIONAL_AND_NAMED", "",
     "A positional argument and named argument both referred to the same parameter. Please remove the named argument referring "
     "to this parameter."},
    {"DUPLICATE_ROUTINE_PARAMETER_ASSIGNMENT.DOUBLE_NAMED_ARGUMENT_REFERENCE", "",
     "More than one named argument referred to the same parameter. Please assign a value only once."},
    {"EXEC_IMMEDIATE_INVALID_ALIAS", "42714", "USING arguments cannot contain duplicate aliases."},
    {"EXCEED_LIMIT_LENGTH", "54006", "Exceeds char/varchar type length limitation: <limit>."},
    {"EXPECT_PERMANENT_VIEW_NOT_TEMP", "42809", "'<operation>' expects a permanent view but <viewName> is a temp view."},
    {"EXPECT_TABLE_NOT_VIEW", "42809", "'<operation>' expects a table but <viewName> is a view."},
    {"EXPECT_TABLE_NOT_VIEW.NO_ALTERNATIVE", "", ""},
    {"EXPECT_TABLE_NOT_VIEW.USE_ALTER_VIEW", "", "Please use ALTER VIEW instead."},
    {"EXPECT_VIEW_NOT_TABLE", "42809", "The table <tableName> does not support <operation>."},
    {"EXPECT_VIEW_NOT_TABLE.NO_ALTERNATIVE", "", ""},
    {"EXPECT_VIEW_NOT_TABLE.USE_ALTER_TABLE", "", "Please use ALTER TABLE instead."},
    {"EXPRESSION_TYPE_IS_NOT_ORDERABLE", "42822",
     "Column expression <expr> cannot be sorted because its type <exprType> is not orderable."},
    {"FAILED_EXECUTE_UDF", "39000",
     "User defined function (<functionName>: (<signature>) => <result>) failed due to: <reason>."},
    {"FAILED_PARSE_STRUCT_TYPE", "22018", "Failed parsing struct: <raw>."},
    {"FAILED_READ_FILE", "KD001", "Encountered error while reading file <path>."},
    {"FAILED_READ_FILE.FILE_NOT_EXIST", "",
     "File does not exist. It is possible the underlying files have been updated.\nYou can explicitly invalidate the cache in "
     "Spark by running 'REFRESH TABLE tableName' command in SQL or by recreating the Dataset/DataFrame involved."},
    {"FAILED_READ_FILE.NO_HINT", "", ""},
    {"FAILED_READ_FILE.PARQUET_COLUMN_DATA_TYPE_MISMATCH", "",
     "Data type mismatches when reading Parquet column <column>. Expected Spark type <expectedType>, actual Parquet type "
     "<actualType>."},
    {"FAILED_TO_PARSE_TOO_COMPLEX", "54001",
     "The statement, including potential SQL functions and referenced views, was too complex to parse.\nTo mitigate this "
     "error divide the statement into multiple, less complex chunks."},
    {"FIELD_NOT_FOUND", "42704", "No such struct field <fieldName> in <fields>."},
    {"FORBIDDEN_OPERATION", "42809", "The operation <statement> is not allowed on the <objectType>: <objectName>."},
    {"GENERIC", "", "<message>"},
    {"GROUPING_COLUMN_MISMATCH", "42803",
     "Column of grouping (<grouping>) can't be found in grouping columns <groupingColumns>."},
    {"GROUPING_ID_COLUMN_MISMATCH", "42803",
     "Columns of grouping_id (<groupingIdColumn>) does not match grouping columns (<groupByColumns>)."},
    {"GROUPING_SIZE_LIMIT_EXCEEDED", "54000", "Grouping sets size cannot be greater than <maxSize>."},
    {"GROUP_BY_AGGREGATE", "42903", "Aggregate functions are not allowed in GROUP BY, but found <sqlExpr>."},
    {"GROUP_BY_POS_AGGREGATE", "42903",
     "GROUP BY <index> refers to an expression <aggExpr> that contains an aggregate function. Aggregate functions are not "
     "allowed in GROUP BY."},
    {"GROUP_BY_POS_OUT_OF_RANGE", "42805", "GROUP BY position <index> is not in select list (valid range is [1, <size>])."},
    {"GROUP_EXPRESSION_TYPE_IS_NOT_ORDERABLE", "42822",
     "The expression <sqlExpr> cannot be used as a grouping expression because its data type <dataType> is not an orderable "
     "data type."},
    {"IDENTIFIER_TOO_MANY_NAME_PARTS", "42601",
     "<identifier> is not a valid identifier as it has more than <limit> name parts."},
    {"ILLEGAL_DAY_OF_WEEK", "22009", "Illegal input for day of week: <string>."},
    {"INCOMPARABLE_PIVOT_COLUMN", "42818", "Invalid pivot column <columnName>. Pivot columns must be comparable."},
    {"INCOMPATIBLE_COLUMN_TYPE", "42825",
     "<operator> can only be performed on tables with compatible column types. The <columnOrdinalNumber> column of the "
     "<tableOrdinalNumber> table is <dataType1> type which is not compatible with <dataType2> at the same column of the first "
     "table.<hint>."},
    {"INCOMPATIBLE_DATA_FOR_TABLE", "KD000", "Cannot write incompatible data for the table <tableName>:"},
    {"INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_FIND_DATA", "", "Cannot find data for the output column <colName>."},
    {"INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_SAFELY_CAST", "", "Cannot safely cast <colName> <srcType> to <targetType>."},
    {"INCOMPATIBLE_DATA_FOR_TABLE.EXTRA_COLUMNS", "", "Cannot write extra columns <extraColumns>."},
    {"INCOMPATIBLE_VIEW_SCHEMA_CHANGE", "51024",
     "The SQL query of view <viewName> has an incompatible schema change and column <colName> cannot be resolved. Expected "
     "<expectedNum> columns named <colName> but got <actualCols>.\nPlease try to re-create the view by running: <suggestion>."},
    {"INCONSISTENT_BEHAVIOR_CROSS_VERSION", "42K0B", "You may get a different result due to the upgrading to"},
    {"INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION", "",
     "Spark >= 3.0:\nFail to recognize <pattern> pattern in the DateTimeFormatter.\n1) You can set <config> to \"LEGACY\" to "
     "restore the behavior before Spark 3.0.\n2) You can form a valid datetime pattern with the guide from "
     "'<docroot>/sql-ref-datetime-pattern.html'."},
    {"INCONSISTENT_BEHAVIOR_CROSS_VERSION.PARSE_DATETIME_BY_NEW_PARSER", "",
     "Spark >= 3.0:\nFail to parse <datetime> in the new parser.\nYou can set <config> to \"LEGACY\" to restore the behavior "
     "before Spark 3.0, or set to \"CORRECTED\" and treat it as an invalid datetime string."},
    {"INDETERMINATE_COLLATION", "42P22",
     "Could not determine which collation to use for string operation. Use COLLATE clause to set the collation explicitly."},
    {"INDETERMINATE_COLLATION_IN_EXPRESSION", "42P22",
     "Data type of <expr> has indeterminate collation. Use COLLATE clause to set the collation explicitly."},
    {"INSERT_COLUMN_ARITY_MISMATCH", "21S01", "Cannot write to <tableName>, the reason is"},
    {"INSERT_COLUMN_ARITY_MISMATCH.NOT_ENOUGH_DATA_COLUMNS", "",
     "not enough data columns:\nTable columns: <tableColumns>.\nData columns: <dataColumns>."},
    {"INSERT_COLUMN_ARITY_MISMATCH.TOO_MANY_DATA_COLUMNS", "",
     "too many data columns:\nTable columns: <tableColumns>.\nData columns: <dataColumns>."},
    {"INTERNAL_ERROR", "XX000", "<message>"},
    {"INTERVAL_ARITHMETIC_OVERFLOW", "22015", "Integer overflow while operating with intervals."},
    {"INTERVAL_ARITHMETIC_OVERFLOW.WITHOUT_SUGGESTION", "", "Try devising appropriate values for the interval parameters."},
    {"INTERVAL_ARITHMETIC_OVERFLOW.WITH_SUGGESTION", "", "Use <functionName> to tolerate overflow and return NULL instead."},
    {"INTERVAL_DIVIDED_BY_ZERO", "22012",
     "Division by zero. Use `try_divide` to tolerate divisor being 0 and return NULL instead."},
    {"INVALID_ARRAY_INDEX", "22003",
     "The index <indexValue> is out of bounds. The array has <arraySize> elements. Use the SQL function `get()` to tolerate "
     "accessing element at invalid index and return NULL instead."},
    {"INVALID_ARRAY_INDEX_IN_ELEMENT_AT", "22003",
     "The index <indexValue> is out of bounds. The array has <arraySize> elements. Use `try_element_at` to tolerate accessing "
     "element at invalid index and return NULL instead."},
    {"INVALID_ATTRIBUTE_NAME_SYNTAX", "42604",
     "Syntax error in the attribute name: <name>. Check that backticks appear in pairs, a quoted string is a complete name "
     "part "
     "and use a backtick only inside quoted name parts."},
    {"INVALID_BITMAP_POSITION", "22003",
     "The 0-indexed bitmap position <bitPosition> is out of bounds. The bitmap has <bitmapNumBits> bits (<bitmapNumBytes> "
     "bytes)."},
    {"INVALID_BUCKET_COUNT", "22003",
     "The number of buckets should be greater than 0 but less than or equal to bucketing.maxBuckets (<bucketingMaxBuckets>). "
     "Got <numBuckets>."},
    {"INVALID_COLUMN_OR_FIELD_DATA_TYPE", "42000",
     "Column or field <name> is of type <type> while it's required to be <expectedType>."},
    {"INVALID_CONF_VALUE", "22022", "The value '<confValue>' in the config \"<confName>\" is invalid."},
    {"INVALID_CONF_VALUE.DEFAULT_COLLATION", "", "Cannot resolve the given default collation."},
    {"INVALID_CONF_VALUE.REQUIREMENT", "", "<confRequirement>"},
    {"INVALID_CONF_VALUE.OUT_OF_RANGE_OF_OPTIONS", "", "It should be one of '<confOptions>'."},
    {"INVALID_CONF_VALUE.TIME_ZONE", "", "Cannot resolve the given timezone."},
    {"INVALID_CONF_VALUE.TYPE_MISMATCH", "", "It should be a/an <confType> value."},
    {"INVALID_CORRUPT_RECORD_TYPE", "42804",
     "The column <columnName> for corrupt records must have the nullable STRING type, but got <actualType>."},
    {"INVALID_CURSOR", "HY109", "The cursor is invalid."},
    {"INVALID_CURSOR.DISCONNECTED", "", "The cursor has been disconnected by the server."},
    {"INVALID_CURSOR.NOT_REATTACHABLE", "", "The cursor is not reattachable."},
    {"INVALID_CURSOR.POSITION_NOT_AVAILABLE", "",
     "The cursor position id <responseId> is no longer available at index <index>."},
    {"INVALID_CURSOR.POSITION_NOT_FOUND", "", "The cursor position id <responseId> is not found."},
    {"INVALID_DATETIME_PATTERN", "22007", "Unrecognized datetime pattern: <pattern>."},
    {"INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER", "",
     "Illegal pattern character found in datetime pattern: <c>. Please provide legal character."},
    {"INVALID_DATETIME_PATTERN.LENGTH", "", "Too many letters in datetime pattern: <pattern>. Please reduce pattern length."},
    {"INVALID_DATETIME_PATTERN.WITH_SUGGESTION", "",
     "You can form a valid datetime pattern with the guide from '<docroot>/sql-ref-datetime-pattern.html'."},
    {"INVALID_EMPTY_LOCATION", "42K05", "The location name cannot be empty string, but `<location>` was given."},
    {"INVALID_ESC", "42604",
     "Found an invalid escape string: <invalidEscape>. The escape string must contain only one character."},
    {"INVALID_ESCAPE_CHAR", "42604", "`EscapeChar` should be a string literal of length one, but got <sqlExpr>."},
    {"INVALID_EXTRACT_BASE_FIELD_TYPE", "42000",
     "Can't extract a value from <base>. Need a complex type [STRUCT, ARRAY, MAP] but got <other>."},
    {"INVALID_EXTRACT_FIELD", "42601", "Cannot extract <field> from <expr>."},
    {"INVALID_EXTRACT_FIELD_TYPE", "42000", "Field name should be a non-null string literal, but it's <extraction>."},
    {"INVALID_FIELD_NAME", "42000", "Field name <fieldName> is invalid: <path> is not a struct."},
    {"INVALID_FORMAT", "42601", "The format is invalid: <format>."},
    {"INVALID_FORMAT.ESC_AT_THE_END", "", "The escape character is not allowed to end with."},
    {"INVALID_FORMAT.ESC_IN_THE_MIDDLE", "", "The escape character is not allowed to precede <char>."},
    {"INVALID_FORMAT.MISMATCH_INPUT", "", "The input <inputType> <input> does not match the format."},
    {"INVALID_FORMAT.UNEXPECTED_TOKEN", "",
     "Found the unexpected <token> in the format string; the structure of the format string must match: `[MI|S]` `[$]` "
     "`[0|9|G|,]*` `[.|D]` `[0|9]*` `[$]` `[PR|MI|S]`."},
    {"INVALID_FRACTION_OF_SECOND", "22023",
     "Valid range for seconds is [0, 60] (inclusive), but the provided value is <secAndMicros>. To avoid this error, use "
     "`try_make_timestamp`, which returns NULL on error.\nIf you do not want to use the session default timestamp version of "
     "this function, use `try_make_timestamp_ntz` or `try_make_timestamp_ltz`."},
    {"INVALID_HANDLE", "HY000", "The handle <handle> is invalid."},
    {"INVALID_HANDLE.FORMAT", "", "Handle must be an UUID string of the format '00112233-4455-6677-8899-aabbccddeeff'"},
    {"INVALID_HANDLE.OPERATION_ABANDONED", "", "Operation was considered abandoned because of inactivity and removed."},
    {"INVALID_HANDLE.OPERATION_ALREADY_EXISTS", "", "Operation already exists."},
    {"INVALID_HANDLE.OPERATION_NOT_FOUND", "", "Operation not found."},
    {"INVALID_HANDLE.SESSION_ALREADY_EXISTS", "", "Session already exists."},
    {"INVALID_HANDLE.SESSION_CHANGED", "", "The existing Spark server driver instance has restarted. Please reconnect."},
    {"INVALID_HANDLE.SESSION_CLOSED", "", "Session was closed."},
    {"INVALID_HANDLE.SESSION_NOT_FOUND", "", "Session not found."},
    {"INVALID_IDENTIFIER", "42602",
     "The unquoted identifier <ident> is invalid and must be back quoted as: `<ident>`.\nUnquoted identifiers can only contain "
     "ASCII letters ('a' - 'z', 'A' - 'Z'), digits ('0' - '9'), and underbar ('_').\nUnquoted identifiers must also not start "
     "with a digit.\nDifferent data sources and meta stores may impose additional restrictions on valid identifiers."},
    {"INVALID_INDEX_OF_ZERO", "22003",
     "The index 0 is invalid. An index shall be either < 0 or > 0 (the first element has index 1)."},
    {"INVALID_INLINE_TABLE", "42000", "Invalid inline table."},
    {"INVALID_INLINE_TABLE.CANNOT_EVALUATE_EXPRESSION_IN_INLINE_TABLE", "",
     "Cannot evaluate the expression <expr> in inline table definition."},
    {"INVALID_INLINE_TABLE.INCOMPATIBLE_TYPES_IN_INLINE_TABLE", "",
     "Found incompatible types in the column <colName> for inline table."},
    {"INVALID_INLINE_TABLE.NUM_COLUMNS_MISMATCH", "",
     "Inline table expected <expectedNumCols> columns but found <actualNumCols> columns in row <rowIndex>."},
    {"INVALID_INTERVAL_FORMAT", "22006",
     "Error parsing '<input>' to interval. Please ensure that the value provided is in a valid format for defining an "
     "interval. You can reference the documentation for the correct format."},
    {"INVALID_INTERVAL_FORMAT.INPUT_IS_EMPTY", "", "Interval string cannot be empty."},
    {"INVALID_INTERVAL_FORMAT.INPUT_IS_NULL", "", "Interval string cannot be null."},
    {"INVALID_INTERVAL_FORMAT.INTERVAL_PARSING", "", "Error parsing interval <interval> string."},
    {"INVALID_INTERVAL_FORMAT.INVALID_FRACTION", "", "<unit> cannot have fractional part."},
    {"INVALID_INTERVAL_FORMAT.INVALID_PREFIX", "", "Invalid interval prefix <prefix>."},
    {"INVALID_INTERVAL_FORMAT.INVALID_UNIT", "", "Invalid unit <unit>."},
    {"INVALID_INTERVAL_FORMAT.INVALID_VALUE", "", "Invalid value <value>."},
    {"INVALID_INTERVAL_FORMAT.MISSING_NUMBER", "", "Expect a number after <word> but hit EOL."},
    {"INVALID_INTERVAL_FORMAT.MISSING_UNIT", "", "Expect a unit name after <word> but hit EOL."},
    {"INVALID_INTERVAL_FORMAT.UNMATCHED_FORMAT_STRING", "",
     "Interval string does not match <intervalStr> format of <supportedFormat> when cast to <typeName>: <input>."},
    {"INVALID_INTERVAL_FORMAT.UNMATCHED_FORMAT_STRING_WITH_NOTICE", "",
     "Interval string does not match <intervalStr> format of <supportedFormat> when cast to <typeName>: <input>. Set "
     "\"spark.sql.legacy.fromDayTimeString.enabled\" to \"true\" to restore the behavior before Spark 3.0."},
    {"INVALID_INTERVAL_FORMAT.UNRECOGNIZED_NUMBER", "", "Unrecognized number <number>."},
    {"INVALID_JSON_DATA_TYPE", "2203G",
     "Failed to convert the JSON string '<invalidType>' to a data type. Please enter a valid data type."},
    {"INVALID_JSON_SCHEMA_MAP_TYPE", "22032", "Input schema <jsonSchema> can only contain STRING as a key type for a MAP."},
    {"INVALID_LAMBDA_FUNCTION_CALL", "42K0D", "Invalid lambda function call."},
    {"INVALID_LAMBDA_FUNCTION_CALL.DUPLICATE_ARG_NAMES", "",
     "The lambda function has duplicate arguments <args>. Please, consider to rename the argument names or set "
     "<caseSensitiveConfig> to \"true\"."},
    {"INVALID_LAMBDA_FUNCTION_CALL.NON_HIGHER_ORDER_FUNCTION", "",
     "A lambda function should only be used in a higher order function. However, its class is <class>, which is not a higher "
     "order function."},
    {"INVALID_LAMBDA_FUNCTION_CALL.NUM_ARGS_MISMATCH", "",
     "A higher order function expects <expectedNumArgs> arguments, but got <actualNumArgs>."},
    {"INVALID_LATERAL_JOIN_TYPE", "42613",
     "The <joinType> JOIN with LATERAL correlation is not allowed because an OUTER subquery cannot correlate to its join "
     "partner. Remove the LATERAL correlation or use an INNER JOIN, or LEFT OUTER JOIN instead."},
    {"INVALID_LIMIT_LIKE_EXPRESSION", "42K0E", "The limit like expression <expr> is invalid."},
    {"INVALID_LIMIT_LIKE_EXPRESSION.DATA_TYPE", "", "The <name> expression must be integer type, but got <dataType>."},
    {"INVALID_LIMIT_LIKE_EXPRESSION.IS_NEGATIVE", "", "The <name> expression must be equal to or greater than 0, but got <v>."},
    {"INVALID_LIMIT_LIKE_EXPRESSION.IS_NULL", "", "The evaluated <name> expression must not be null."},
    {"INVALID_LIMIT_LIKE_EXPRESSION.IS_UNFOLDABLE", "", "The <name> expression must evaluate to a constant value."},
    {"INVALID_NON_DETERMINISTIC_EXPRESSIONS", "42K0E",
     "The operator expects a deterministic expression, but the actual expression is <sqlExprs>."},
    {"INVALID_NUMERIC_LITERAL_RANGE", "22003",
     "Numeric literal <rawStrippedQualifier> is outside the valid range for <typeName> with minimum value of <minValue> and "
     "maximum value of <maxValue>. Please adjust the value accordingly."},
    {"INVALID_OBSERVED_METRICS", "42K0E", "Invalid observed metrics."},
    {"INVALID_OBSERVED_METRICS.AGGREGATE_EXPRESSION_WITH_DISTINCT_UNSUPPORTED", "",
     "Aggregate expression with distinct are not allowed in observed metrics, but found: <expr>."},
    {"INVALID_OBSERVED_METRICS.AGGREGATE_EXPRESSION_WITH_FILTER_UNSUPPORTED", "",
     "Aggregate expression with FILTER predicate are not allowed in observed metrics, but found: <expr>."},
    {"INVALID_OBSERVED_METRICS.MISSING_NAME", "", "The observed metrics should be named: <operator>."},
    {"INVALID_OBSERVED_METRICS.NESTED_AGGREGATES_UNSUPPORTED", "",
     "Nested aggregates are not allowed in observed metrics, but found: <expr>."},
    {"INVALID_OBSERVED_METRICS.NON_AGGREGATE_FUNC_ARG_IS_ATTRIBUTE", "",
     "Attribute <expr> can only be used as an argument to an aggregate function."},
    {"INVALID_OBSERVED_METRICS.NON_AGGREGATE_FUNC_ARG_IS_NON_DETERMINISTIC", "",
     "Non-deterministic expression <expr> can only be used as an argument to an aggregate function."},
    {"INVALID_OBSERVED_METRICS.WINDOW_EXPRESSIONS_UNSUPPORTED", "",
     "Window expressions are not allowed in observed metrics, but found: <expr>."},
    {"INVALID_OPTIONS", "42K06", "Invalid options:"},
    {"INVALID_OPTIONS.NON_MAP_FUNCTION", "", "Must use the `map()` function for options."},
    {"INVALID_OPTIONS.NON_STRING_TYPE", "", "A type of keys and values in `map()` must be string, but got <mapType>."},
    {"INVALID_PANDAS_UDF_PLACEMENT", "0A000",
     "The group aggregate pandas UDF <functionList> cannot be invoked together with as other, non-pandas aggregate functions."},
    {"INVALID_PARAMETER_VALUE", "22023", "The value of parameter(s) <parameter> in <functionName> is invalid:"},
    {"INVALID_PARAMETER_VALUE.AES_CRYPTO_ERROR", "", "detail message: <detailMessage>"},
    {"INVALID_PARAMETER_VALUE.BIT_POSITION_RANGE", "", "expects an integer value in [0, <upper>), but got <invalidValue>."},
    {"INVALID_PARAMETER_VALUE.BINARY_FORMAT", "",
     "expects one of binary formats 'base64', 'hex', 'utf-8', but got <invalidFormat>."},
    {"INVALID_PARAMETER_VALUE.CHARSET", "", "expects one of the <charsets>, but got <charset>."},
    {"INVALID_PARAMETER_VALUE.DATETIME_UNIT", "",
     "expects one of the units without quotes YEAR, QUARTER, MONTH, WEEK, DAY, DAYOFYEAR, HOUR, MINUTE, SECOND, MILLISECOND, "
     "MICROSECOND, but got the string literal <invalidValue>."},
    {"INVALID_PARAMETER_VALUE.DOUBLE", "", "expects an double literal, but got <invalidValue>."},
    {"INVALID_PARAMETER_VALUE.INTEGER", "", "expects an integer literal, but got <invalidValue>."},
    {"INVALID_PARAMETER_VALUE.LENGTH", "", "Expects `length` greater than or equal to 0, but got <length>."},
    {"INVALID_PARAMETER_VALUE.LONG", "", "expects a long literal, but got <invalidValue>."},
    {"INVALID_PARAMETER_VALUE.NULL", "", "expects a non-NULL value."},
    {"INVALID_PARAMETER_VALUE.PATTERN", "", "<value>."},
    {"INVALID_PARAMETER_VALUE.REGEX_GROUP_INDEX", "", "Expects group index between 0 and <groupCount>, but got <groupIndex>."},
    {"INVALID_PARAMETER_VALUE.START", "", "Expects a positive or a negative value for `start`, but got 0."},
    {"INVALID_PARAMETER_VALUE.STRING", "", "expects a string literal, but got <invalidValue>."},
    {"INVALID_PARAMETER_VALUE.ZERO_INDEX", "", "expects `%1$`, `%2$` and so on, but got `%0$`."},
    {"INVALID_PARTITION_COLUMN_DATA_TYPE", "0A000", "Cannot use <type> for partition column."},
    {"INVALID_PARTITION_OPERATION", "42601", "The partition command is invalid."},
    {"INVALID_PARTITION_OPERATION.PARTITION_SCHEMA_IS_EMPTY", "", "Table <name> is not partitioned."},
    {"INVALID_RECURSIVE_CTE", "42836",
     "Invalid recursive definition found. Recursive queries must contain an UNION or an UNION ALL statement with 2 children. "
     "The first child needs to be the anchor term without any recursive references. Any top level inner CTE must not contain "
     "self references."},
    {"INVALID_RECURSIVE_REFERENCE", "42836", "Invalid recursive reference found inside WITH RECURSIVE clause."},
    {"INVALID_RECURSIVE_REFERENCE.PLACE", "",
     "Recursive references cannot be used on the right side of left outer/semi/anti joins, on the left side of right outer "
     "joins, in full outer joins, in aggregates, window functions or sorts"},
    {"INVALID_REGEXP_REPLACE", "22023",
     "Could not perform regexp_replace for source = <source>, pattern = <pattern>, replacement = <replacement> and position = "
     "<position>."},
    {"INVALID_SAVE_MODE", "42000",
     "The specified save mode <mode> is invalid. Valid save modes include \"append\", "
     "\"overwrite\", \"ignore\", \"error\", \"errorifexists\", and \"default\"."},
    {"INVALID_SCHEMA", "42K07", "The input schema <inputSchema> is not a valid schema string."},
    {"INVALID_SCHEMA.NON_STRING_LITERAL", "", "The input expression must be string literal and not null."},
    {"INVALID_SCHEMA.NON_STRUCT_TYPE", "", "The input expression should be evaluated to struct type, but got <dataType>."},
    {"INVALID_SCHEMA.PARSE_ERROR", "", "Cannot parse the schema:\n<reason>"},
    {"INVALID_SCHEMA_OR_RELATION_NAME", "42602",
     "<name> is not a valid name for tables/schemas. Valid names only contain alphabet characters, numbers and _."},
    {"INVALID_SET_SYNTAX", "42000",
     "Expected format is 'SET', 'SET key', or 'SET key=value'. If you want to include special characters in key, or include "
     "semicolon in value, please use backquotes, e.g., SET `key`=`value`."},
    {"INVALID_SQL_ARG", "42K08",
     "The argument <name> of `sql()` is invalid. Consider to replace it either by a SQL literal or by collection constructor "
     "functions such as `map()`, `array()`, `struct()`."},
    {"INVALID_SQL_SYNTAX", "42000", "Invalid SQL syntax:"},
    {"INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX", "", "The function <prettyName> does not support <syntax>."},
    {"INVALID_SQL_SYNTAX.LATERAL_WITHOUT_SUBQUERY_OR_TABLE_VALUED_FUNC", "",
     "LATERAL can only be used with subquery and table-valued functions."},
    {"INVALID_SQL_SYNTAX.REPETITIVE_WINDOW_DEFINITION", "", "The definition of window <windowName> is repetitive."},
    {"INVALID_STATEMENT_FOR_EXECUTE_INTO", "07501",
     "The INTO clause of EXECUTE IMMEDIATE is only valid for queries but the given statement is not a query: <sqlString>."},
    {"INVALID_SUBQUERY_EXPRESSION", "42823", "Invalid subquery:"},
    {"INVALID_SUBQUERY_EXPRESSION.SCALAR_SUBQUERY_RETURN_MORE_THAN_ONE_OUTPUT_COLUMN", "",
     "Scalar subquery must return only one column, but got <number>."},
    {"INVALID_TEMP_OBJ_REFERENCE", "42K0F",
     "Cannot create the persistent object <objName> of the type <obj> because it references to the temporary object "
     "<tempObjName> of the type <tempObj>. Please make the temporary object <tempObjName> persistent, or make the persistent "
     "object <objName> temporary."},
    {"INVALID_TIMEZONE", "22009",
     "The timezone: <timeZone> is invalid. The timezone must be either a region-based zone ID or a zone offset. Region IDs "
     "must have the form 'area/city', such as 'America/Los_Angeles'. Zone offsets must be in the format '(+|-)HH', "
     "'(+|-)HH:mm’ or '(+|-)HH:mm:ss', e.g '-08' , '+01:00' or '-13:33:33', and must be in the range from -18:00 to +18:00. "
     "'Z' and 'UTC' are accepted as synonyms for '+00:00'."},
    {"INVALID_TIME_TRAVEL_TIMESTAMP_EXPR", "42K0E", "The time travel timestamp expression <expr> is invalid."},
    {"INVALID_TIME_TRAVEL_TIMESTAMP_EXPR.INPUT", "", "Cannot be casted to the \"TIMESTAMP\" type."},
    {"INVALID_TIME_TRAVEL_TIMESTAMP_EXPR.NON_DETERMINISTIC", "", "Must be deterministic."},
    {"INVALID_TYPED_LITERAL", "42604", "The value of the typed literal <valueType> is invalid: <value>."},
    {"INVALID_URL", "22P02", "The url is invalid: <url>. Use `try_parse_url` to tolerate invalid URL and return NULL instead."},
    {"INVALID_USAGE_OF_STAR_OR_REGEX", "42000", "Invalid usage of <elem> in <prettyName>."},
    {"INVALID_UTF8_STRING", "22029", "Invalid UTF8 byte sequence found in string: <str>."},
    {"INVALID_UUID", "22P02",
     "Input <uuidInput> is not a valid UUID.\nThe UUID should be in the format of "
     "'xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx'.\nPlease check the format of the UUID."},
    {"INVALID_WHERE_CONDITION", "42903",
     "The WHERE condition <condition> contains invalid expressions: <expressionList>.\nRewrite the query to avoid window "
     "functions, aggregate functions, and generator functions in the WHERE clause."},
    {"INVALID_WINDOW_SPEC_FOR_AGGREGATION_FUNC", "42601", "Cannot specify ORDER BY or a window frame for <aggFunc>."},
    {"JOIN_CONDITION_IS_NOT_BOOLEAN_TYPE", "42K0E",
     "The join condition <joinCondition> has the invalid type <conditionType>, expected \"BOOLEAN\"."},
    {"LATERAL_JOIN_WITH_ARROW_UDTF_UNSUPPORTED", "0A000",
     "LATERAL JOIN with Arrow-optimized user-defined table functions (UDTFs) is not supported. Arrow UDTFs cannot be used on "
     "the right-hand side of a lateral join.\nPlease use a regular UDTF instead, or restructure your query to avoid the "
     "lateral join."},
    {"LOCATION_ALREADY_EXISTS", "42710",
     "Cannot name the managed table as <identifier>, as its associated location <location> already exists. Please pick a "
     "different table name, or remove the existing location first."},
    {"INVALID_VARIANT_CAST", "22023",
     "The variant value `<value>` cannot be cast into `<dataType>`. Please use `try_variant_get` instead."},
    {"INVALID_VARIANT_GET_PATH", "22023",
     "The path `<path>` is not a valid variant extraction path in `<functionName>`.\nA valid path should start with `$` and is "
     "followed by zero or more segments like `[123]`, `.name`, `['name']`, or `[\"name\"]`."},
    {"HLL_INVALID_INPUT_SKETCH_BUFFER", "22546",
     "Invalid call to <function>; only valid HLL sketch buffers are supported as inputs (such as those produced by "
     "the `hll_sketch_agg` function)."},
    {"HLL_INVALID_LG_K", "22546",
     "Invalid call to <function>; the `lgConfigK` value must be between <min> and <max>, inclusive: <value>."},
    {"HLL_UNION_DIFFERENT_LG_K", "22000",
     "Sketches have different `lgConfigK` values: <left> and <right>. Set the `allowDifferentLgConfigK` parameter "
     "to true to call <function> with different `lgConfigK` values."},
    {"KLL_INVALID_INPUT_SKETCH_BUFFER", "22000",
     "Invalid call to <function>; only valid KLL sketch buffers are supported as inputs (such as those produced by "
     "the `kll_sketch_agg` function)."},
    {"KLL_SKETCH_INVALID_QUANTILE_RANGE", "22003",
     "For function <functionName>, the quantile value must be between 0.0 and 1.0 (inclusive)."},
    {"KLL_SKETCH_K_OUT_OF_RANGE", "22003",
     "For function <functionName>, the k parameter must be between 8 and 65535 (inclusive), but got <k>."},
    {"MALFORMED_CSV_RECORD", "KD000", "Malformed CSV record: <badRecord>"},
    {"NOT_A_SCALAR_FUNCTION", "42887",
     "<functionName> appears as a scalar expression here, but the function was defined as a table function. Please update the "
     "query to move the function call into the FROM clause, or redefine <functionName> as a scalar function instead."},
    {"NOT_A_TABLE_FUNCTION", "42887",
     "<functionName> appears as a table function here, but the function was defined as a scalar function. Please update the "
     "query to move the function call outside the FROM clause, or redefine <functionName> as a table function instead."},
    {"RECURSION_ROW_LIMIT_EXCEEDED", "42836",
     "Recursion row limit <rowLimit> reached but query has not exhausted, try setting a larger LIMIT value when querying the "
     "CTE relation."},
    {"THETA_INVALID_INPUT_SKETCH_BUFFER", "22000",
     "Invalid call to <function>; only valid Theta sketch buffers are supported as inputs (such as those produced "
     "by the `theta_sketch_agg` function)."},
    {"TUPLE_INVALID_INPUT_SKETCH_BUFFER", "22000",
     "Invalid call to <function>; only valid Tuple sketch buffers are supported as inputs (such as those produced "
     "by the corresponding `tuple_sketch_agg_*` function)."},
    {"TUPLE_INVALID_SKETCH_MODE", "22023",
     "Invalid call to <function>: mode '<mode>' is not supported. Valid modes are: <validModes>."},
    {"FAILED_FUNCTION_CALL", "38000",
     "Failed preparing of the function <funcName> for call. Please, double check function's arguments."},
    {"DISTINCT_WINDOW_FUNCTION_UNSUPPORTED", "0A000", "Distinct window functions are not supported: <windowExpr>."},
    {"UNSUPPORTED_FEATURE.QUERY_ONLY_CORRUPT_RECORD_COLUMN", "",
     "Queries from raw JSON/CSV/XML files are disallowed when the\nreferenced columns only include the internal corrupt record "
     "column\n(named `_corrupt_record` by default). For "
     "example:\n`spark.read.schema(schema).json(file).filter($\"_corrupt_record\".isNotNull).count()`\nand "
     "`spark.read.schema(schema).json(file).select(\"_corrupt_record\").show()`.\nInstead, you can cache or save the parsed "
     "results and then send the same query.\nFor example, `val df = spark.read.schema(schema).json(file).cache()` and "
     "then\n`df.filter($\"_corrupt_record\".isNotNull).count()`."},
    {"UNION_NOT_SUPPORTED_IN_RECURSIVE_CTE", "42836",
     "The UNION operator is not yet supported within recursive common table expressions (WITH clauses that refer to "
     "themselves, directly or indirectly). Please use UNION ALL instead."},
    {"UNRECOGNIZED_PARAMETER_NAME", "4274K",
     "Cannot invoke routine <routineName> because the routine call included a named argument reference for the argument named "
     "<argumentName>, but this routine does not include any signature containing an argument with this name. Did you mean one "
     "of the following? [<proposal>]."},
    {"UNSUPPORTED_FEATURE.LAMBDA_FUNCTION_WITH_SQL_UDF", "",
     "Lambda function with SQL UDF <funcName> in a higher order function."},
    {"UNSUPPORTED_FEATURE.TIME_TRAVEL", "", "Time travel on the relation: <relationId>."},
    {"USER_DEFINED_FUNCTIONS", "42601", "User defined function is invalid:"},
    {"USER_DEFINED_FUNCTIONS.CANNOT_CONTAIN_COMPLEX_FUNCTIONS", "",
     "SQL scalar function cannot contain aggregate/window/generate functions: <queryText>"},
    {"USER_DEFINED_FUNCTIONS.RETURN_COLUMN_COUNT_MISMATCH", "",
     "The number of columns produced by the RETURN clause (num: `<outputSize>`) does not match the number of column names "
     "specified by the RETURNS clause (num: `<returnParamSize>`) of <name>."},
    {"WINDOW_FUNCTION_FRAME_NOT_ORDERED", "42601",
     "Window function <wf_name> requires the window to be ordered. You need to add an ORDER BY clause. For example: "
     "SELECT <wf_expr> OVER (PARTITION BY window_partition ORDER BY window_ordering) FROM table."},
    {"COMPARATOR_RETURNS_NULL", "22004",
     "The comparator has returned a NULL for a comparison between <firstValue> and <secondValue>.\nIt should return "
     "a positive integer for \"greater than\", 0 for \"equal\" and a negative integer for \"less than\".\nTo revert "
     "to deprecated behavior where NULL is treated as 0 (equal), you must set "
     "\"spark.sql.legacy.allowNullComparisonResultInArraySort\" to \"true\"."},
    {"SKETCH_INVALID_LG_NOM_ENTRIES", "22003",
     "Invalid call to <function>; the `lgNomEntries` value must be between <min> and <max>, inclusive: <value>."},
    {"MALFORMED_CHARACTER_CODING", "22000", "Invalid value found when performing <function> with <charset>"},
    {"MALFORMED_RECORD_IN_PARSING", "22023",
     "Malformed records are detected in record parsing: <badRecord>.\nParse Mode: <failFastMode>. To process malformed "
     "records as null result, try setting the option 'mode' as 'PERMISSIVE'."},
    {"MALFORMED_RECORD_IN_PARSING.CANNOT_PARSE_JSON_ARRAYS_AS_STRUCTS", "", "Parsing JSON arrays as structs is forbidden."},
    {"MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION", "", ""},
    {"MISSING_AGGREGATION", "42803",
     "The non-aggregating expression <expression> is based on columns which are not participating in the GROUP BY clause.\nAdd "
     "the columns or the expression to the GROUP BY, aggregate the expression, or use <expressionAnyValue> if you do not care "
     "which of the values within a group is returned."},
    {"MISSING_ATTRIBUTES", "XX000", "Resolved attribute(s) <missingAttributes> missing from <input> in operator <operator>."},
    {"MISSING_ATTRIBUTES.RESOLVED_ATTRIBUTE_MISSING_FROM_INPUT", "", ""},
    {"MISSING_GROUP_BY", "42803",
     "The query does not include a GROUP BY clause. Add GROUP BY or turn it into the window functions using OVER clauses."},
    {"MISSING_WINDOW_SPECIFICATION", "42P20",
     "Window specification is not defined in the WINDOW clause for <windowName>. For more information about WINDOW clauses, "
     "please refer to '<docroot>/sql-ref-syntax-qry-select-window.html'."},
    {"MULTIPLE_TIME_TRAVEL_SPEC", "42K0E", "Cannot specify time travel in both the time travel clause and options."},
    {"NAMED_PARAMETERS_NOT_SUPPORTED", "4274K",
     "Named parameters are not supported for function <functionName>; please retry "
     "the query with positional arguments to the function call instead."},
    {"NEAREST_BY_JOIN", "42604", "Invalid nearest-by join."},
    {"NESTED_AGGREGATE_FUNCTION", "42607",
     "It is not allowed to use an aggregate function in the argument of another aggregate function. Please use the inner "
     "aggregate function in a sub-query."},
    {"NESTED_EXECUTE_IMMEDIATE", "07501",
     "Nested EXECUTE IMMEDIATE commands are not allowed. Please ensure that the SQL query provided (<sqlString>) does not "
     "contain another EXECUTE IMMEDIATE command."},
    {"NONEXISTENT_FIELD_NAME_IN_LIST", "HV091", "Field(s) <nonExistFields> do(es) not exist. Available fields: <fieldNames>"},
    {"NON_FOLDABLE_ARGUMENT", "42K08",
     "The function <funcName> requires the parameter <paramName> to be a foldable expression of the type <paramType>, but the "
     "actual argument is a non-foldable."},
    {"NON_LITERAL_PIVOT_VALUES", "42K08", "Literal expressions required for pivot values, found <expression>."},
    {"NON_PARTITION_COLUMN", "42000", "PARTITION clause cannot contain the non-partition column: <columnName>."},
    {"NOT_A_CONSTANT_STRING", "42601",
     "The expression <expr> used for the routine or clause <name> must be a constant STRING which is NOT NULL."},
    {"NOT_A_CONSTANT_STRING.NOT_CONSTANT", "",
     "To be considered constant the expression must not depend on any columns, contain a subquery, or invoke a non "
     "deterministic function such as rand()."},
    {"NOT_A_PARTITIONED_TABLE", "42809",
     "Operation <operation> is not allowed for <tableIdentWithDB> because it is not a "
     "partitioned table."},
    {"NOT_NULL_CONSTRAINT_VIOLATION", "42000", "Assigning a NULL is not allowed here."},
    {"NOT_NULL_CONSTRAINT_VIOLATION.ARRAY_ELEMENT", "",
     "The array <columnPath> is defined to contain only elements that are NOT NULL."},
    {"NOT_SUPPORTED_CHANGE_COLUMN", "0A000",
     "ALTER TABLE ALTER/CHANGE COLUMN is not supported for changing <table>'s column <originName> with type <originType> to "
     "<newName> with type <newType>."},
    {"NOT_SUPPORTED_IN_JDBC_CATALOG", "0A000", "Not supported command in JDBC catalog:"},
    {"NO_SUCH_TABLE", "42P01", "<relation>"},
    {"NULLABLE_COLUMN_OR_FIELD", "42000", "Column or field <name> is nullable while it's required to be non-nullable."},
    {"NULL_MAP_KEY", "2200E", "Cannot use null as map key."},
    {"NULL_QUERY_STRING_EXECUTE_IMMEDIATE", "22004",
     "Execute immediate requires a non-null variable as the query string, but the provided variable <varName> is null."},
    {"NUMERIC_OUT_OF_SUPPORTED_RANGE", "22003",
     "The value <value> cannot be interpreted as a numeric since it has more than 38 digits."},
    {"NUMERIC_VALUE_OUT_OF_RANGE", "22003", ""},
    {"NUMERIC_VALUE_OUT_OF_RANGE.WITHOUT_SUGGESTION", "",
     "The <roundedValue> rounded half up from <originalValue> cannot be represented as Decimal(<precision>, <scale>)."},
    {"NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION", "",
     "<value> cannot be represented as Decimal(<precision>, <scale>). If necessary set <config> to \"false\" to bypass this "
     "error, and return NULL instead."},
    {"NUM_COLUMNS_MISMATCH", "42826",
     "<operator> can only be performed on inputs with the same number of columns, but the first input has <firstNumColumns> "
     "columns and the <invalidOrdinalNum> input has <invalidNumColumns> columns."},
    {"NUM_TABLE_VALUE_ALIASES_MISMATCH", "42826",
     "Number of given aliases does not match number of output columns. Function name: <funcName>; number of aliases: "
     "<aliasesNum>; number of output columns: <outColsNum>."},
    {"OPERATION_CANCELED", "HY008", "Operation has been canceled."},
    {"ORDER_BY_POS_OUT_OF_RANGE", "42805", "ORDER BY position <index> is not in select list (valid range is [1, <size>])."},
    {"PARSE_EMPTY_STATEMENT", "42617", "Syntax error, unexpected empty statement."},
    {"PARSE_MODE_UNSUPPORTED", "42601",
     "The function <funcName> doesn't support the <mode> mode. Acceptable modes are "
     "PERMISSIVE and FAILFAST."},
    {"PARSE_SYNTAX_ERROR", "42601", "Syntax error at or near <error><hint>."},
    {"PARTITIONS_ALREADY_EXIST", "428FT",
     "Cannot ADD or RENAME TO partition(s) <partitionList> in table <tableName> because they already exist. Choose a different "
     "name, drop the existing partition, or add the IF NOT EXISTS clause to tolerate a pre-existing partition."},
    {"PARTITIONS_NOT_FOUND", "428FT",
     "The partition(s) <partitionList> cannot be found in table <tableName>.\nVerify the partition specification and table "
     "name.\nTo tolerate the error on drop use ALTER TABLE … DROP IF EXISTS PARTITION."},
    {"PARTITION_COLUMN_NOT_FOUND_IN_SCHEMA", "42000",
     "Partition column <column> not found in schema <schema>. Please provide the existing column for partitioning."},
    {"PARTITION_TRANSFORM_EXPRESSION_NOT_IN_PARTITIONED_BY", "42S23",
     "The expression <expression> must be inside 'partitionedBy'."},
    {"PATH_ALREADY_EXISTS", "42K04",
     "Path <outputPath> already exists. Set mode as \"overwrite\" to overwrite the existing path."},
    {"PATH_NOT_FOUND", "42K03", "Path does not exist: <path>."},
    {"PIVOT_VALUE_DATA_TYPE_MISMATCH", "42K09",
     "Invalid pivot value '<value>': value data type <valueType> does not match pivot column data type <pivotType>."},
    {"PYTHON_DATA_SOURCE_ERROR", "38000", "Failed to <action> Python data source <type>: <msg>"},
    {"RECURSION_LEVEL_LIMIT_EXCEEDED", "42836",
     "Recursion level limit <levelLimit> reached but query has not exhausted, try increasing it like 'WITH RECURSIVE t(col) "
     "MAX RECURSION LEVEL 200'."},
    {"REMAINDER_BY_ZERO", "22012",
     "Remainder by zero. Use `try_mod` to tolerate divisor being 0 and return NULL instead. If necessary set <config> to "
     "\"false\" to bypass this error."},
    {"REQUIRES_SINGLE_PART_NAMESPACE", "42K05",
     "<sessionCatalog> requires a single-part namespace, but got identifier <identifier>."},
    {"ROUTINE_ALREADY_EXISTS", "42723",
     "Cannot create the <newRoutineType> <routineName> because a <existingRoutineType> of that name already exists.\nChoose a "
     "different name, drop or replace the existing <existingRoutineType>, or add the IF NOT EXISTS clause to tolerate a "
     "pre-existing <newRoutineType>."},
    {"ROUTINE_NOT_FOUND", "42883",
     "The routine <routineName> cannot be found. Verify the spelling and correctness of the schema and catalog.\nIf you did "
     "not qualify the name with a schema and catalog, verify the current_schema() output, or qualify the name with the correct "
     "schema and catalog.\nTo tolerate the error on drop use DROP ... IF EXISTS."},
    {"ROW_SUBQUERY_TOO_MANY_ROWS", "21000", "More than one row returned by a subquery used as a row."},
    {"SCALAR_SUBQUERY_TOO_MANY_ROWS", "21000", "More than one row returned by a subquery used as an expression."},
    {"SCHEMA_ALREADY_EXISTS", "42P06",
     "Cannot create schema <schemaName> because it already exists.\nChoose a different name, drop the existing schema, or add "
     "the IF NOT EXISTS clause to tolerate pre-existing schema."},
    {"SCHEMA_NOT_EMPTY", "2BP01",
     "Cannot drop a schema <schemaName> because it contains objects.\nUse DROP SCHEMA ... CASCADE to drop the schema and all "
     "its objects."},
    {"SCHEMA_NOT_FOUND", "42704",
     "The schema <schemaName> cannot be found. Verify the spelling and correctness of the schema and catalog.\nIf you did not "
     "qualify the name with a catalog, verify the current_schema() output, or qualify the name with the correct catalog.\nTo "
     "tolerate the error on drop use DROP SCHEMA IF EXISTS."},
    {"SECOND_FUNCTION_ARGUMENT_NOT_INTEGER", "22023", "The second argument of <functionName> function needs to be an integer."},
    {"SESSION_CLOSED", "HY000", "The session was closed."},
    {"SHOW_COLUMNS_WITH_CONFLICT_NAMESPACE", "42K05",
     "SHOW COLUMNS with conflicting namespaces: <namespaceA> != <namespaceB>."},
    {"SORT_BY_WITHOUT_BUCKETING", "42601", "sortBy must be used together with bucketBy."},
    {"SPARK_JOB_CANCELLED", "XXKDA", "Job <jobId> cancelled <reason>"},
    {"SPECIFY_CLUSTER_BY_WITH_BUCKETING_IS_NOT_ALLOWED", "42908",
     "Cannot specify both CLUSTER BY and CLUSTERED BY INTO BUCKETS."},
    {"SPECIFY_CLUSTER_BY_WITH_PARTITIONED_BY_IS_NOT_ALLOWED", "42908", "Cannot specify both CLUSTER BY and PARTITIONED BY."},
    {"SQL_CONF_NOT_FOUND", "42K0I", "The SQL config <sqlConf> cannot be found. Please verify that the config exists."},
    {"STAR_GROUP_BY_POS", "0A000", "Star (*) is not allowed in a select list when GROUP BY an ordinal position is used."},
    {"STREAM_FAILED", "XXKST", "Query [id = <id>, runId = <runId>] terminated with exception: <message>"},
    {"TABLE_OR_VIEW_ALREADY_EXISTS", "42P07",
     "Cannot create table or view <relationName> because it already exists.\nChoose a different name, drop the existing "
     "object, add the IF NOT EXISTS clause to tolerate pre-existing objects, add the OR REPLACE clause to replace the existing "
     "materialized view, or add the OR REFRESH clause to refresh the existing streaming table."},
    {"TABLE_OR_VIEW_NOT_FOUND", "42P01",
     "The table or view <relationName> cannot be found. Verify the spelling and correctness of the schema and catalog.\nSearch "
     "path: <searchPath>.\nIf you did not qualify the name with a schema, verify the current_schema() output, or qualify the "
     "name with the correct schema and catalog.\nTo tolerate the error on drop use DROP VIEW IF EXISTS or DROP TABLE IF "
     "EXISTS."},
    {"TABLE_VALUED_FUNCTION_FAILED_TO_ANALYZE_IN_PYTHON", "38000",
     "Failed to analyze the Python user defined table function: <msg>"},
    {"TABLE_VALUED_FUNCTION_REQUIRED_METADATA_INCOMPATIBLE_WITH_CALL", "22023",
     "Failed to evaluate the table function <functionName> because its table metadata <requestedMetadata>, but the function "
     "call <invalidFunctionCallProperty>."},
    {"TABLE_VALUED_FUNCTION_REQUIRED_METADATA_INVALID", "22023",
     "Failed to evaluate the table function <functionName> because its table metadata was invalid; <reason>."},
    {"TABLE_VALUED_FUNCTION_TOO_MANY_TABLE_ARGUMENTS", "54023",
     "There are too many table arguments for table-valued function. It allows one table argument, but got: <num>."},
    {"TASK_WRITE_FAILED", "58030", "Task failed while writing rows to <path>."},
    {"TEMP_TABLE_OR_VIEW_ALREADY_EXISTS", "42P07",
     "Cannot create the temporary view <relationName> because it already exists.\nChoose a different name, drop or replace the "
     "existing view,  or add the IF NOT EXISTS clause to tolerate pre-existing views."},
    {"TEMP_VIEW_NAME_TOO_MANY_NAME_PARTS", "428EK",
     "CREATE TEMPORARY VIEW or the corresponding Dataset APIs only accept single-part view names, but got: <actualName>."},
    {"TOO_MANY_ARRAY_ELEMENTS", "54000", "Cannot initialize array with <numElements> elements of size <size>."},
    {"TRANSPOSE_EXCEED_ROW_LIMIT", "54006",
     "Number of rows exceeds the allowed limit of <maxValues> for TRANSPOSE. If this was intended, set <config> to at least "
     "the current row count."},
    {"TRANSPOSE_INVALID_INDEX_COLUMN", "42804", "Invalid index column for TRANSPOSE because: <reason>"},
    {"TRANSPOSE_NO_LEAST_COMMON_TYPE", "42K09",
     "Transpose requires non-index columns to share a least common type, but <dt1> "
     "and <dt2> do not."},
    {"UDTF_ALIAS_NUMBER_MISMATCH", "42802",
     "The number of aliases supplied in the AS clause does not match the number of columns output by the UDTF.\nExpected "
     "<aliasesSize> aliases, but got <aliasesNames>.\nPlease ensure that the number of aliases provided matches the number of "
     "columns output by the UDTF."},
    {"UNABLE_TO_ACQUIRE_MEMORY", "53200", "Unable to acquire <requestedBytes> bytes of memory, got <receivedBytes>."},
    {"UDTF_INVALID_ALIAS_IN_REQUESTED_ORDERING_STRING_FROM_ANALYZE_METHOD", "42802",
     "Failed to evaluate the user-defined table function because its 'analyze' method returned a requested OrderingColumn "
     "whose column name expression included an unnecessary alias <aliasName>; please remove this alias and then try the query "
     "again."},
    {"UDTF_INVALID_REQUESTED_SELECTED_EXPRESSION_FROM_ANALYZE_METHOD_REQUIRES_ALIAS", "42802",
     "Failed to evaluate the user-defined table function because its 'analyze' method returned a requested 'select' expression "
     "(<expression>) that does not include a corresponding alias; please update the UDTF to specify an alias there and then "
     "try the query again."},
    {"UNABLE_TO_INFER_SCHEMA", "42KD9", "Unable to infer schema for <format>. It must be specified manually."},
    {"UNBOUND_SQL_PARAMETER", "42P02",
     "Found the unbound parameter: <name>. Please, fix `args` and provide a mapping of the parameter to either a SQL literal "
     "or collection constructor functions such as `map()`, `array()`, `struct()`."},
    {"UNCLOSED_BRACKETED_COMMENT", "42601",
     "Found an unclosed bracketed comment. Please, append */ at the end of the comment."},
    {"UNEXPECTED_INPUT_TYPE", "42K09",
     "Parameter <paramIndex> of function <functionName> requires the <requiredType> type, however <inputSql> has the type "
     "<inputType>."},
    {"UNEXPECTED_POSITIONAL_ARGUMENT", "4274K",
     "Cannot invoke routine <routineName> because it contains positional argument(s) following the named argument assigned to "
     "<parameterName>; please rearrange them so the positional arguments come first and then retry the query again."},
    {"UNPIVOT_REQUIRES_ATTRIBUTES", "42K0A",
     "UNPIVOT requires all given <given> expressions to be columns when no <empty> expressions are given. These are not "
     "columns: [<expressions>]."},
    {"UNPIVOT_REQUIRES_VALUE_COLUMNS", "42K0A",
     "At least one value column needs to be specified for UNPIVOT, all columns specified as ids."},
    {"UNPIVOT_VALUE_DATA_TYPE_MISMATCH", "42K09",
     "Unpivot value columns must share a least common type, some types do not: [<types>]."},
    {"UNPIVOT_VALUE_SIZE_MISMATCH", "428C4",
     "All unpivot value columns must have the same size as there are value column names (<names>)."},
    {"UNRECOGNIZED_SQL_TYPE", "42704", "Unrecognized SQL type - name: <typeName>, id: <jdbcType>."},
    {"UNRESOLVABLE_TABLE_VALUED_FUNCTION", "42883",
     "Could not resolve <name> to a table-valued function.\nPlease make sure that <name> is defined as a table-valued function "
     "and that all required parameters are provided correctly.\nIf <name> is not defined, please create the table-valued "
     "function before using it.\nFor more information about defining table-valued functions, please refer to the Apache Spark "
     "documentation."},
    {"UNRESOLVED_COLUMN", "42703", "A column, variable, or function parameter with name <objectName> cannot be resolved."},
    {"UNRESOLVED_COLUMN.WITHOUT_SUGGESTION", "", ""},
    {"UNRESOLVED_COLUMN.WITH_SUGGESTION", "", "Did you mean one of the following? [<proposal>]."},
    {"UNRESOLVED_COLUMN_AMONG_FIELD_NAMES", "42703", "Cannot resolve column name \"<colName>\" among (<fieldNames>)."},
    {"UNRESOLVED_FIELD", "42703", "A field with name <fieldName> cannot be resolved with the struct-type column <columnPath>."},
    {"UNRESOLVED_FIELD.WITHOUT_SUGGESTION", "", ""},
    {"UNRESOLVED_FIELD.WITH_SUGGESTION", "", "Did you mean one of the following? [<proposal>]."},
    {"UNRESOLVED_MAP_KEY", "42703",
     "Cannot resolve column <objectName> as a map key. If the key is a string literal, add the single quotes '' around it."},
    {"UNRESOLVED_MAP_KEY.WITHOUT_SUGGESTION", "", ""},
    {"UNRESOLVED_MAP_KEY.WITH_SUGGESTION", "", "Otherwise did you mean one of the following column(s)? [<proposal>]."},
    {"UNRESOLVED_ROUTINE", "42883", "Cannot resolve routine <routineName> on search path <searchPath>."},
    {"UNRESOLVED_USING_COLUMN_FOR_JOIN", "42703",
     "USING column <colName> cannot be resolved on the <side> side of the join. The <side>-side columns: [<suggestion>]."},
    {"UNRESOLVED_VARIABLE", "42883", "Cannot resolve variable <variableName> on search path <searchPath>."},
    {"UNSET_NONEXISTENT_PROPERTIES", "42K0J", "Attempted to unset non-existent properties [<properties>] in table <table>."},
    {"UNSUPPORTED_ARROWTYPE", "0A000", "Unsupported arrow type <typeName>."},
    {"UNSUPPORTED_CALL", "0A000", "Cannot call the method \"<methodName>\" of the class \"<className>\"."},
    {"UNSUPPORTED_CALL.WITHOUT_SUGGESTION", "", ""},
    {"UNSUPPORTED_DATATYPE", "0A000", "Unsupported data type <typeName>."},
    {"UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE", "0A000",
     "The <format> datasource doesn't support the column <columnName> of the type <columnType>."},
    {"UNSUPPORTED_DATA_SOURCE_SAVE_MODE", "0A000",
     "The data source <source> cannot be written in the <createMode> mode. "
     "Please use either the \"Append\" or \"Overwrite\" mode instead."},
    {"UNSUPPORTED_EXPR_FOR_WINDOW", "42P20", "Expression <sqlExpr> not supported within a window function."},
    {"UNSUPPORTED_FEATURE", "0A000", "The feature is not supported:"},
    {"UNSUPPORTED_FEATURE.LATERAL_COLUMN_ALIAS_IN_AGGREGATE_FUNC", "",
     "Referencing a lateral column alias <lca> in the aggregate function <aggFunc>."},
    {"UNSUPPORTED_FEATURE.LATERAL_COLUMN_ALIAS_IN_WINDOW", "",
     "Referencing a lateral column alias <lca> in window expression <windowExpr>."},
    {"UNSUPPORTED_FEATURE.ANALYZE_UNCACHED_TEMP_VIEW", "",
     "The ANALYZE TABLE FOR COLUMNS command can operate on temporary views that have been cached already. Consider to cache "
     "the view <viewName>."},
    {"UNSUPPORTED_FEATURE.ANALYZE_VIEW", "", "The ANALYZE TABLE command does not support views."},
    {"UNSUPPORTED_FEATURE.DROP_DATABASE", "", "Drop the default database <database>."},
    {"UNSUPPORTED_FEATURE.LAMBDA_FUNCTION_WITH_PYTHON_UDF", "",
     "Lambda function with Python UDF <funcName> in a higher order function."},
    {"UNSUPPORTED_FEATURE.MASTIC", "", "Mastic does not support <feature> yet."},
    {"UNSUPPORTED_FEATURE.LITERAL_TYPE", "", "Literal for '<value>' of <type>."},
    {"UNSUPPORTED_FEATURE.PIVOT_AFTER_GROUP_BY", "",
     "PIVOT clause following a GROUP BY clause. Consider pushing the GROUP "
     "BY into a subquery."},
    {"UNSUPPORTED_FEATURE.PIVOT_TYPE", "", "Pivoting by the value '<value>' of the column data type <type>."},
    {"UNSUPPORTED_FEATURE.SET_OPERATION_ON_VARIANT_TYPE", "",
     "Cannot have VARIANT type columns in DataFrame which calls set operations (INTERSECT, EXCEPT, etc.), but the type of "
     "column "
     "<colName> is <dataType>."},
    {"UNSUPPORTED_FEATURE.PYTHON_UDF_IN_ON_CLAUSE", "",
     "Python UDF in the ON clause of a <joinType> JOIN. In case of an INNER JOIN consider rewriting to a CROSS JOIN with a "
     "WHERE clause."},
    {"UNSUPPORTED_FEATURE.SET_OPERATION_ON_MAP_TYPE", "",
     "Cannot have MAP type columns in DataFrame which calls set operations (INTERSECT, EXCEPT, etc.), but the type of column "
     "<colName> is <dataType>."},
    {"UNSUPPORTED_FEATURE.SET_PATH_WHEN_DISABLED", "", "SET PATH when <config> is false."},
    {"UNSUPPORTED_FEATURE.TABLE_OPERATION", "",
     "Table <tableName> does not support <operation>. Please check the current catalog and namespace to make sure the "
     "qualified table name is expected, and also check the catalog implementation which is configured by "
     "\"spark.sql.catalog\"."},
    {"UNSUPPORTED_GENERATOR", "42K0E", "The generator is not supported:"},
    {"UNSUPPORTED_GENERATOR.MULTI_GENERATOR", "",
     "only one generator allowed per SELECT clause but found <num>: <generators>."},
    {"UNSUPPORTED_GENERATOR.NESTED_IN_EXPRESSIONS", "", "nested in expressions <expression>."},
    {"UNSUPPORTED_GENERATOR.NOT_GENERATOR", "",
     "<functionName> is expected to be a generator. However, its class is <classCanonicalName>, which is not a generator."},
    {"UNSUPPORTED_GENERATOR.OUTSIDE_SELECT", "", "outside the SELECT clause, found: <plan>."},
    {"UNSUPPORTED_GROUPING_EXPRESSION", "42K0E", "grouping()/grouping_id() can only be used with GroupingSets/Cube/Rollup."},
    {"UNSUPPORTED_JOIN_TYPE", "0A000", "Unsupported join type '<typ>'. Supported join types include: <supported>."},
    {"UNSUPPORTED_OVERWRITE", "42902", "Can't overwrite the target that is also being read from."},
    {"UNSUPPORTED_OVERWRITE.PATH", "", "The target path is <path>."},
    {"UNSUPPORTED_OVERWRITE.TABLE", "", "The target table is <table>."},
    {"UNSUPPORTED_SAVE_MODE", "0A000", "The save mode <saveMode> is not supported for:"},
    {"UNSUPPORTED_SAVE_MODE.EXISTENT_PATH", "", "an existent path."},
    {"UNSUPPORTED_SAVE_MODE.NON_EXISTENT_PATH", "", "a non-existent path."},
    {"UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY", "0A000", "Unsupported subquery expression:"},
    {"UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.CORRELATED_COLUMN_IS_NOT_ALLOWED_IN_PREDICATE", "",
     "Correlated column is not allowed in predicate: <treeNode>."},
    {"UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.MUST_AGGREGATE_CORRELATED_SCALAR_SUBQUERY", "",
     "Correlated scalar subqueries must be aggregated to return at most one row."},
    {"UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.NON_DETERMINISTIC_LATERAL_SUBQUERIES", "",
     "Non-deterministic lateral subqueries are not supported when joining with outer relations that produce more than one "
     "row:\n<treeNode>"},
    {"UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.UNSUPPORTED_IN_EXISTS_SUBQUERY", "",
     "IN/EXISTS predicate subqueries can only be used in filters, joins, aggregations, window functions, projections, and "
     "UPDATE/MERGE/DELETE commands:\n<treeNode>"},
    {"UNSUPPORTED_TYPED_LITERAL", "0A000",
     "Literals of the type <unsupportedType> are not supported. Supported types are <supportedTypes>."},
    {"USER_RAISED_EXCEPTION", "P0001", "<errorMessage>"},
    {"USER_RAISED_EXCEPTION_PARAMETER_MISMATCH", "P0001",
     "The `raise_error()` function was used to raise error class: <errorClass> which expects parameters: <expectedParms>.\nThe "
     "provided parameters <providedParms> do not match the expected parameters.\nPlease make sure to provide all expected "
     "parameters."},
    {"VARIABLE_ALREADY_EXISTS", "42723",
     "Cannot create the variable <variableName> because it already exists. Choose a different name, or drop or replace the "
     "existing variable. Add the IF NOT EXISTS clause to tolerate pre-existing variables."},
    {"VARIABLE_NOT_FOUND", "42883",
     "The variable <variableName> cannot be found. Verify the spelling and correctness of the schema and catalog. If you did "
     "not qualify the name with a schema and catalog, verify the current_schema() output, or qualify the name with the correct "
     "schema and catalog. To tolerate the error on drop use DROP VARIABLE IF EXISTS."},
    {"VIEW_NOT_FOUND", "42P01",
     "The view <relationName> cannot be found. Verify the spelling and correctness of the schema and catalog.\nIf you did not "
     "qualify the name with a schema, verify the current_schema() output, or qualify the name with the correct schema and "
     "catalog.\nTo tolerate the error on drop use DROP VIEW IF EXISTS."},
    {"WINDOW_FUNCTION_AND_FRAME_MISMATCH", "42K0E",
     "<funcName> function can only be evaluated in an ordered row-based window frame with a single offset: <windowExpr>."},
    {"WINDOW_FUNCTION_WITHOUT_OVER_CLAUSE", "42601", "Window function <funcName> requires an OVER clause."},
    {"WRONG_COMMAND_FOR_OBJECT_TYPE", "42809",
     "The operation <operation> requires a <requiredType>. But <objectName> is a <foundType>. Use <alternative> instead."},
    {"WRONG_NUM_ARGS", "42605", "The <functionName> requires <expectedNum> parameters but the actual number is <actualNum>."},
    {"WRONG_NUM_ARGS.WITHOUT_SUGGESTION", "", "Please, refer to '<docroot>/sql-ref-functions.html' for a fix."},
    {"WRONG_NUM_ARGS.WITH_SUGGESTION", "",
     "If you have to call this function with <legacyNum> parameters, set the legacy configuration <legacyConfKey> to "
     "<legacyConfValue>."},
    {"XML_ROW_TAG_MISSING", "42KDF", "<rowTag> option is required for reading/writing files in XML format."},
    {"_LEGACY_ERROR_TEMP_1035", "", "Cannot specify window frame for <prettyName> function."},
    {"_LEGACY_ERROR_TEMP_1210", "", "The second argument in <funcName> should be a boolean literal."},
    {"_LEGACY_ERROR_TEMP_2128", "", "The key array and value array of MapData must have the same length."},
    {"_LEGACY_ERROR_TEMP_3242", "",
     "sequence step must be an <intervalType> of day granularity if start and end values are dates"},
    {"_LEGACY_ERROR_TEMP_0032", "",
     "Duplicated table paths found: '<pathOne>' and '<pathTwo>'. LOCATION and the case insensitive key 'path' in OPTIONS are "
     "all used to indicate the custom table path, you can only specify one of them."},
    {"_LEGACY_ERROR_TEMP_0035", "", "Operation not allowed: <message>."},
    {"_LEGACY_ERROR_TEMP_1037", "",
     "Window function <wf> requires window to be ordered, please add ORDER BY clause. For example SELECT <wf>(value_expr) OVER "
     "(PARTITION BY window_partition ORDER BY window_ordering) from table."},
    {"_LEGACY_ERROR_TEMP_1046", "", "<hintName> Hint expects a partition number as a parameter."},
    {"_LEGACY_ERROR_TEMP_1047", "", "<hintName> Hint parameter should include columns, but <invalidParams> found."},
    {"_LEGACY_ERROR_TEMP_1211", "",
     "Detected implicit cartesian product for <joinType> join between logical plans\n<leftPlan>\nand\n<rightPlan>\nJoin "
     "condition is missing or trivial.\nEither: use the CROSS JOIN syntax to allow cartesian products between "
     "these\nrelations, or: enable implicit cartesian products by setting the configuration\nvariable "
     "spark.sql.crossJoin.enabled=true."},
    {"_LEGACY_ERROR_TEMP_1329", "", "Can not load class <className>, please make sure it is on the classpath."},
    {"_LEGACY_ERROR_TEMP_1324", "",
     "The pivot column <pivotColumn> has more than <maxValues> distinct values, this could indicate an error. If this was "
     "intended, set <config> to at least the number of distinct values of the pivot column."},
    {"_LEGACY_ERROR_TEMP_1073", "", "RENAME TABLE source and destination databases do not match: '<oldDb>' != '<newDb>'."},
    {"_LEGACY_ERROR_TEMP_1232", "",
     "Partition spec is invalid. The spec (<specKeys>) must match the partition spec (<partitionColumnNames>) defined in table "
     "'<tableName>'."},
    {"_LEGACY_ERROR_TEMP_1266", "", "Operation not allowed: TRUNCATE TABLE on external tables: <tableIdentWithDB>."},
    {"_LEGACY_ERROR_TEMP_1312", "", "'<operation>' does not support bucketBy right now."},
    {"_LEGACY_ERROR_TEMP_1039", "",
     "Multiple time/session window expressions would result in a cartesian product of rows, therefore they are currently not "
     "supported."},
};

}  // namespace

const ErrorCondition* find_error_condition(std::string_view name) {
  for (const ErrorCondition& row : conditions) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

}  // namespace mastic::spark
