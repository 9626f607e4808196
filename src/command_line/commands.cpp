#include "command_line/commands.h"

#include <algorithm>
#include <array>

namespace mastic::command_line {
namespace {

constexpr OptionEntry data{"--data", "DIR", "Folder for everything that is kept [$MASTIC_DATA, else ~/.mastic/data]"};
constexpr OptionEntry host{"--host", "ADDRESS", "Address to listen on [127.0.0.1: this machine only]"};
constexpr OptionEntry keys_file{"--keys-file", "FILE",
                                "Access keys, one KEY:SECRET a line: requests must be signed with one of them. "
                                "[$MASTIC_ACCESS_KEYS, separated by commas; without keys, any key is accepted]"};
constexpr OptionEntry help{"--help", "", "Print this and exit"};

constexpr auto serve_options = std::to_array<OptionEntry>({
    data,
    {"--port", "PORT", "Port to listen on; 0 takes a free one [4566]"},
    host,
    keys_file,
    {"--warm-engines", "COUNT", "Engines kept ready for job runs while jobs are run [1]"},
    {"--max-runs", "COUNT", "Job runs at the same time; more of them wait [as many as there are processors, at least 2]"},
    {"--events-webhook", "URL", "POST an event for each change of state of runs, crawlers and the catalog [none]"},
    {"--events-command", "COMMAND", "Run this for each event instead, the event on its standard input [none]"},
    {"--log-format", "FORMAT", "text, or json with a line for each request [text]"},
    {"--log-level", "LEVEL", "debug, info, warn, error or off [$MASTIC_LOG, else info]"},
    {"--keep-days", "DAYS", "Keep lineage and the files of ended runs (plans, logs) for so long; 0: for ever [90]"},
    {"--idle", "SECONDS", "Without a job run for so long, nothing is kept ready; 0: never [300]"},
    {"--test-clock", "", "Let tests move the server's clock: GET /_mastic/clock/advance/SECONDS"},
    help,
});

constexpr auto run_options = std::to_array<OptionEntry>({
    data,
    {"--glue-version", "VERSION", "Glue version that the script is written for: up to 5.1 Spark 3.5, 6.0 Spark 4 [5.0]"},
    {"--timeout", "MINUTES", "End the script after so long [no limit]"},
    help,
});

constexpr auto engine_options = std::to_array<OptionEntry>({
    {"--port", "PORT", "Port to listen on; 0 takes a free one [15002]"},
    host,
    {"--access", "SOCKET", "Socket of a server whose objects, items and catalog to use [none: files only]"},
    {"--threads", "COUNT", "Threads to compute with [one a processor]"},
    {"--memory", "MIB", "Memory for data, in MiB; more is spilled to disk [80 % of the machine]"},
    {"--lineage", "FILE", "Without a server: append OpenLineage events to this file [none]"},
    {"--with-token", "", "Serve only clients that show a token, which is part of the printed address"},
    {"--with-parent", "", "End when standard input ends, and with the process that started this one"},
    help,
});

constexpr auto classify_options = std::to_array<OptionEntry>({
    {"--with-parent", "", "Answer a server's crawls on standard input and output"},
    help,
});

constexpr auto lineage_options = std::to_array<OptionEntry>({
    data,
    {"--upstream", "", "What it comes from [this, unless --downstream]"},
    {"--downstream", "", "What comes of it"},
    {"--values", "", "Only what values are made of, not what decides rows (filters, joins, groups, sorts)"},
    {"--depth", "STEPS", "So many jobs away [10]"},
    {"--job", "NAME", "Only what this job did"},
    {"--run", "ID", "Only what this run did [of each job its newest run]"},
    {"--format", "FORMAT", "text or json [text]"},
    help,
});

constexpr auto all = std::to_array<CommandEntry>({
    {"serve", "", "Serve S3, DynamoDB, Glue and CloudWatch Logs on one endpoint",
     "Serves the AWS protocols of S3, DynamoDB, Glue and CloudWatch Logs until it is told to stop (Ctrl-C, SIGTERM).\n"
     "Point clients at it with AWS_ENDPOINT_URL=http://127.0.0.1:4566.",
     serve_options, false},
    {"run", "SCRIPT [--ARG VALUE ...]", "Run one Glue script, without a server",
     "Runs a PySpark or awsglue script against a data folder, prints what it prints, and ends with its exit code.\n"
     "What follows SCRIPT goes to the script; --JOB_NAME is added when it is not there. Ctrl-C stops the script.",
     run_options, true},
    {"engine", "", "Serve Spark Connect alone",
     "Serves Spark Connect for pyspark-client: SPARK_REMOTE=sc://127.0.0.1:15002. Each job run has one of its own.",
     engine_options, false},
    {"classify", "FILE ...", "Tell what files are: format, columns, compression",
     "Looks at files as a crawler does and prints what it would write of each, one JSON object a line.", classify_options,
     false, 1000},
    {"lineage", "[DATASET[#COLUMN]]", "Show where data comes from, and what comes of it",
     "Prints the tree of datasets, or of columns, that a dataset or a column comes from, by the jobs and crawlers that ran.\n"
     "DATASET is s3://BUCKET/PATH, dynamodb:TABLE, DATABASE.TABLE of the catalog, or a path. Without it: all that are known.",
     lineage_options, false, 1},
});

}  // namespace

std::span<const CommandEntry> commands() { return all; }

const CommandEntry* find_command(std::string_view name) {
  const auto* found = std::ranges::find(all, name, &CommandEntry::name);
  return found == all.end() ? nullptr : found;
}

}  // namespace mastic::command_line
