// The words of Spark's grammar and the collations that it lists: what sql_keywords() and collations() answer.
#pragma once

#include <array>
#include <string_view>

namespace mastic::spark {

inline constexpr std::string_view sql_keywords =
    "ADD,AFTER,AGGREGATE,ALL,ALTER,ALWAYS,ANALYZE,AND,ANTI,ANY,ANY_VALUE,APPROX,ARCHIVE,ARRAY,AS,ASC,ASENSITIVE,AT,"
    "ATOMIC,AUTHORIZATION,BEGIN,BERNOULLI,BETWEEN,BIGINT,BINARY,BINDING,BOOLEAN,BOTH,BUCKET,BUCKETS,BY,BYTE,CACHE,CALL,"
    "CALLED,CASCADE,CASE,CAST,CATALOG,CATALOGS,CHANGE,CHANGES,CHAR,CHARACTER,CHECK,CLEAR,CLOSE,CLUSTER,CLUSTERED,"
    "CODEGEN,COLLATE,COLLATION,COLLATIONS,COLLECTION,COLUMN,COLUMNS,COMMENT,COMMIT,COMPACT,COMPACTIONS,COMPENSATION,"
    "COMPUTE,CONCATENATE,CONDITION,CONSTRAINT,CONTAINS,CONTINUE,COST,CREATE,CROSS,CUBE,CURRENT,CURRENT_DATABASE,"
    "CURRENT_DATE,CURRENT_PATH,CURRENT_SCHEMA,CURRENT_TIME,CURRENT_TIMESTAMP,CURRENT_USER,CURSOR,DATA,DATABASE,"
    "DATABASES,DATE,DATEADD,DATEDIFF,DATE_ADD,DATE_DIFF,DAY,DAYOFYEAR,DAYS,DBPROPERTIES,DEC,DECIMAL,DECLARE,DEFAULT,"
    "DEFAULT_PATH,DEFINED,DEFINER,DELAY,DELETE,DELIMITED,DESC,DESCRIBE,DETERMINISTIC,DFS,DIRECTORIES,DIRECTORY,DISTANCE,"
    "DISTINCT,DISTRIBUTE,DIV,DO,DOUBLE,DROP,ELSE,ELSEIF,END,ENFORCED,ESCAPE,ESCAPED,EVOLUTION,EXACT,EXCEPT,EXCHANGE,"
    "EXCLUDE,EXCLUSIVE,EXECUTE,EXISTS,EXIT,EXPLAIN,EXPORT,EXTEND,EXTENDED,EXTERNAL,EXTRACT,FALSE,FETCH,FIELDS,"
    "FILEFORMAT,FILTER,FIRST,FLOAT,FLOW,FOLLOWING,FOR,FOREIGN,FORMAT,FORMATTED,FOUND,FROM,FULL,FUNCTION,FUNCTIONS,"
    "GENERATED,GEOGRAPHY,GEOMETRY,GLOBAL,GRANT,GROUP,GROUPING,HANDLER,HAVING,HOUR,HOURS,IDENTIFIED,IDENTIFIER,IDENTITY,"
    "IF,IGNORE,ILIKE,IMMEDIATE,IMPORT,IN,INCLUDE,INCLUSIVE,INCREMENT,INDEX,INDEXES,INNER,INPATH,INPUT,INPUTFORMAT,"
    "INSENSITIVE,INSERT,INT,INTEGER,INTERSECT,INTERVAL,INTO,INVOKER,IS,ITEMS,ITERATE,JOIN,JSON,KEY,KEYS,LANGUAGE,LAST,"
    "LATERAL,LAZY,LEADING,LEAVE,LEFT,LEVEL,LIKE,LIMIT,LINES,LIST,LOAD,LOCAL,LOCATION,LOCK,LOCKS,LOGICAL,LONG,LOOP,MACRO,"
    "MAP,MATCHED,MATERIALIZED,MAX,MEASURE,MERGE,METRICS,MICROSECOND,MICROSECONDS,MILLISECOND,MILLISECONDS,MINUS,MINUTE,"
    "MINUTES,MODIFIES,MONTH,MONTHS,MSCK,NAME,NAMESPACE,NAMESPACES,NANOSECOND,NANOSECONDS,NATURAL,NEAREST,NEXT,NO,NONE,"
    "NORELY,NOT,NULL,NULLS,NUMERIC,OF,OFFSET,ON,ONLY,OPEN,OPTION,OPTIONS,OR,ORDER,OUT,OUTER,OUTPUTFORMAT,OVER,OVERLAPS,"
    "OVERLAY,OVERWRITE,PARTITION,PARTITIONED,PARTITIONS,PATH,PERCENT,PIVOT,PLACING,POSITION,PRECEDING,PRIMARY,"
    "PRINCIPALS,PROCEDURE,PROCEDURES,PROPERTIES,PURGE,QUALIFY,QUARTER,QUERY,RANGE,READ,READS,REAL,RECORDREADER,"
    "RECORDWRITER,RECOVER,RECURSION,RECURSIVE,REDUCE,REFERENCES,REFRESH,RELY,RENAME,REPAIR,REPEAT,REPEATABLE,REPLACE,"
    "RESET,RESPECT,RESTRICT,RETURN,RETURNS,REVOKE,RIGHT,ROLE,ROLES,ROLLBACK,ROLLUP,ROW,ROWS,SCHEMA,SCHEMAS,SECOND,"
    "SECONDS,SECURITY,SELECT,SEMI,SEPARATED,SERDE,SERDEPROPERTIES,SESSION_USER,SET,SETS,SHORT,SHOW,SIMILARITY,SINGLE,"
    "SKEWED,SMALLINT,SOME,SORT,SORTED,SOURCE,SPECIFIC,SQL,SQLEXCEPTION,SQLSTATE,START,STATISTICS,STORED,STRATIFY,STREAM,"
    "STREAMING,STRING,STRUCT,SUBSTR,SUBSTRING,SYNC,SYSTEM,SYSTEM_PATH,SYSTEM_TIME,SYSTEM_VERSION,TABLE,TABLES,"
    "TABLESAMPLE,TARGET,TBLPROPERTIES,TERMINATED,THEN,TIME,TIMEDIFF,TIMESTAMP,TIMESTAMPADD,TIMESTAMPDIFF,TIMESTAMP_LTZ,"
    "TIMESTAMP_NTZ,TINYINT,TO,TOUCH,TRAILING,TRANSACTION,TRANSACTIONS,TRANSFORM,TRIM,TRUE,TRUNCATE,TRY_CAST,TYPE,"
    "UNARCHIVE,UNBOUNDED,UNCACHE,UNION,UNIQUE,UNKNOWN,UNLOCK,UNPIVOT,UNSET,UNTIL,UPDATE,USE,USER,USING,VALUE,VALUES,VAR,"
    "VARCHAR,VARIABLE,VARIANT,VERSION,VIEW,VIEWS,VOID,WATERMARK,WEEK,WEEKS,WHEN,WHERE,WHILE,WINDOW,WITH,WITHIN,WITHOUT,"
    "X,YEAR,YEARS,ZONE";

struct CollationLocale {
  std::string_view name;
  std::string_view language;
  std::string_view country;
};

inline constexpr std::array<CollationLocale, 145> collation_locales{{
    {"UNICODE", "", ""},
    {"af", "Afrikaans", ""},
    {"am", "Amharic", ""},
    {"ar", "Arabic", ""},
    {"ar_SAU", "Arabic", "Saudi Arabia"},
    {"as", "Assamese", ""},
    {"az", "Azerbaijani", ""},
    {"be", "Belarusian", ""},
    {"bg", "Bulgarian", ""},
    {"blo", "Anii", ""},
    {"bn", "Bangla", ""},
    {"bo", "Tibetan", ""},
    {"br", "Breton", ""},
    {"bs", "Bosnian", ""},
    {"bs_Cyrl", "Bosnian", ""},
    {"ca", "Catalan", ""},
    {"ceb", "Cebuano", ""},
    {"chr", "Cherokee", ""},
    {"cs", "Czech", ""},
    {"cy", "Welsh", ""},
    {"da", "Danish", ""},
    {"de", "German", ""},
    {"de_AUT", "German", "Austria"},
    {"dsb", "Lower Sorbian", ""},
    {"dz", "Dzongkha", ""},
    {"ee", "Ewe", ""},
    {"el", "Greek", ""},
    {"en", "English", ""},
    {"en_USA", "English", "United States"},
    {"eo", "Esperanto", ""},
    {"es", "Spanish", ""},
    {"et", "Estonian", ""},
    {"fa", "Persian", ""},
    {"fa_AFG", "Persian", "Afghanistan"},
    {"ff", "Fula", ""},
    {"ff_Adlm", "Fula", ""},
    {"fi", "Finnish", ""},
    {"fil", "Filipino", ""},
    {"fo", "Faroese", ""},
    {"fr", "French", ""},
    {"fr_CAN", "French", "Canada"},
    {"fy", "Western Frisian", ""},
    {"ga", "Irish", ""},
    {"gl", "Galician", ""},
    {"gu", "Gujarati", ""},
    {"ha", "Hausa", ""},
    {"haw", "Hawaiian", ""},
    {"he", "Hebrew", ""},
    {"he_ISR", "Hebrew", "Israel"},
    {"hi", "Hindi", ""},
    {"hr", "Croatian", ""},
    {"hsb", "Upper Sorbian", ""},
    {"hu", "Hungarian", ""},
    {"hy", "Armenian", ""},
    {"id", "Indonesian", ""},
    {"id_IDN", "Indonesian", "Indonesia"},
    {"ig", "Igbo", ""},
    {"is", "Icelandic", ""},
    {"it", "Italian", ""},
    {"ja", "Japanese", ""},
    {"ka", "Georgian", ""},
    {"kk", "Kazakh", ""},
    {"kk_Arab", "Kazakh", ""},
    {"kl", "Kalaallisut", ""},
    {"km", "Khmer", ""},
    {"kn", "Kannada", ""},
    {"ko", "Korean", ""},
    {"kok", "Konkani", ""},
    {"ku", "Kurdish", ""},
    {"ky", "Kyrgyz", ""},
    {"lb", "Luxembourgish", ""},
    {"lij", "Ligurian", ""},
    {"lkt", "Lakota", ""},
    {"ln", "Lingala", ""},
    {"lo", "Lao", ""},
    {"lt", "Lithuanian", ""},
    {"lv", "Latvian", ""},
    {"mk", "Macedonian", ""},
    {"ml", "Malayalam", ""},
    {"mn", "Mongolian", ""},
    {"mr", "Marathi", ""},
    {"ms", "Malay", ""},
    {"mt", "Maltese", ""},
    {"my", "Burmese", ""},
    {"nb", "Norwegian Bokmål", ""},
    {"nb_NOR", "Norwegian Bokmål", "Norway"},
    {"ne", "Nepali", ""},
    {"nl", "Dutch", ""},
    {"nn", "Norwegian Nynorsk", ""},
    {"no", "Norwegian", ""},
    {"nso", "Northern Sotho", ""},
    {"om", "Oromo", ""},
    {"or", "Odia", ""},
    {"pa", "Punjabi", ""},
    {"pa_Guru", "Punjabi", ""},
    {"pa_Guru_IND", "Punjabi", "India"},
    {"pl", "Polish", ""},
    {"ps", "Pashto", ""},
    {"pt", "Portuguese", ""},
    {"ro", "Romanian", ""},
    {"ru", "Russian", ""},
    {"sa", "Sanskrit", ""},
    {"se", "Northern Sami", ""},
    {"si", "Sinhala", ""},
    {"sk", "Slovak", ""},
    {"sl", "Slovenian", ""},
    {"smn", "Inari Sami", ""},
    {"sq", "Albanian", ""},
    {"sr", "Serbian", ""},
    {"sr_Cyrl", "Serbian", ""},
    {"sr_Cyrl_BIH", "Serbian", "Bosnia & Herzegovina"},
    {"sr_Cyrl_MNE", "Serbian", "Montenegro"},
    {"sr_Cyrl_SRB", "Serbian", "Serbia"},
    {"sr_Latn", "Serbian", ""},
    {"sr_Latn_BIH", "Serbian", "Bosnia & Herzegovina"},
    {"sr_Latn_SRB", "Serbian", "Serbia"},
    {"st", "Southern Sotho", ""},
    {"sv", "Swedish", ""},
    {"sw", "Swahili", ""},
    {"ta", "Tamil", ""},
    {"te", "Telugu", ""},
    {"th", "Thai", ""},
    {"tk", "Turkmen", ""},
    {"tn", "Tswana", ""},
    {"to", "Tongan", ""},
    {"tr", "Turkish", ""},
    {"ug", "Uyghur", ""},
    {"uk", "Ukrainian", ""},
    {"ur", "Urdu", ""},
    {"uz", "Uzbek", ""},
    {"vi", "Vietnamese", ""},
    {"wae", "Walser", ""},
    {"wo", "Wolof", ""},
    {"xh", "Xhosa", ""},
    {"yi", "Yiddish", ""},
    {"yo", "Yoruba", ""},
    {"zh", "Chinese", ""},
    {"zh_Hans", "Chinese", ""},
    {"zh_Hans_CHN", "Chinese", "China"},
    {"zh_Hans_SGP", "Chinese", "Singapore"},
    {"zh_Hant", "Chinese", ""},
    {"zh_Hant_HKG", "Chinese", "Hong Kong SAR China"},
    {"zh_Hant_MAC", "Chinese", "Macao SAR China"},
    {"zh_Hant_TWN", "Chinese", "Taiwan"},
    {"zu", "Zulu", ""},
}};

}  // namespace mastic::spark
