namespace WaltG5k.Testbed.Oar.Commands;

/// <summary>What oarsub prints when it is asked for help, or called wrongly.</summary>
static class OarsubUsage
{
    public const string Text = """
        Usage: /usr/lib/oar/oarsub [options] [-I|-C|<script>]
        Submit a job the OAR batch scheduler
        Options are:
         -I, --interactive             a shell on the first node
         -C, --connect=<job id>        a shell in a running job
         -l, --resource=<list>         resources and walltime
             --array <number>          that many jobs
             --array-param-file <file> a job for each line of the file
         -S, --scanscript              take #OAR lines of the script as options
         -q, --queue=<queue>           the queue
         -p, --property="<list>"       a condition in SQL for all resources
         -r, --reservation=<date>      start at "YYYY-MM-DD HH:MM:SS"
             --checkpoint=<delay>      seconds before the end at which the signal is sent
             --signal=<#sig>           number of that signal, 12 unless given
         -t, --type=<type>             deploy, besteffort, cosystem, noop, ...
         -d, --directory=<dir>         where the command runs
             --project=<txt>           name of a project
         -n, --name=<txt>              name of the job
         -a, --anterior=<job id>       start after that job
             --notify=<txt>            "mail:..." or "exec:..."
             --resubmit=<job id>       submit a job again
         -k, --use-job-key             use a job key
         -i, --import-job-key-from-file=<file> read the job key
             --import-job-key-inline=<txt> the job key itself
         -e  --export-job-key-to-file=<file> write the job key
         -O  --stdout=<file>           standard output
         -E  --stderr=<file>           standard error
             --hold                    wait until oarresume
         -s, --stagein=<dir|tgz>       files to bring along
             --stagein-md5sum=<md5sum> their sum
         -D, --dumper                  answer as Data::Dumper
         -X, --xml                     answer as XML
         -Y, --yaml                    answer as YAML
         -J, --json                    answer as JSON
         -h, --help                    this text
         -V, --version                 the version
        """;
}
