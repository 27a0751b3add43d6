using System.Diagnostics;
using System.Globalization;
using System.Text;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Oar;

namespace WaltG5k.Bench;

/// <summary>A long list of jobs, from the lines that oarstat prints to objects.</summary>
static class OarJobScenario
{
    const int Jobs = 2000;
    const int Rounds = 25;

    public static async Task<Measurement[]> RunAsync()
    {
        var frontend = new Replay(CreateLines());
        var oar = new OarClient(frontend, TimeProvider.System);
        var times = new List<double>();
        for (int i = 0; i < Rounds; i++)
        {
            long start = Stopwatch.GetTimestamp();
            int count = 0;
            await foreach (OarJob job in oar.GetJobsAsync(new OarJobQuery { User = OarJobQuery.Everybody })) count += job.Nodes.Count > 0 ? 1 : 0;
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            if (count != Jobs) throw new InvalidOperationException($"{count} jobs of {Jobs} were read.");
        }
        double[] warm = [.. times.Skip(Rounds / 5).Order()];
        return [Measurement.AtMost($"{Jobs} jobs of oarstat ({frontend.Length / 1e6:0.0} MB of JSON) to objects, warm", warm[warm.Length / 2], 50,
            "ms")];
    }

    static string[] CreateLines()
    {
        var text = new StringBuilder("{\n");
        for (int i = 0; i < Jobs; i++)
        {
            string nodes = string.Join(",\n", Enumerable.Range(1, 4).Select(n => $"         \"gros-{n + i % 100}.nancy.grid5000.fr\""));
            string resources = string.Join(",\n", Enumerable.Range(0, 64).Select(r => $"         {i * 64 + r}"));
            text.Append(CultureInfo.InvariantCulture, $$"""
                   "{{100000 + i}}" : {
                      "scheduledStart" : 1795158238,
                      "properties" : "(((deploy = 'YES') AND desktop_computing = 'NO') AND maintenance = 'NO') AND drain='NO'",
                      "command" : "sleep 1200; echo \"done\"",
                      "exit_code" : null,
                      "stopTime" : 0,
                      "assigned_network_address" : [
                {{nodes}}
                      ],
                      "walltime" : 1200,
                      "events" : [
                         {
                            "event_id" : {{i}},
                            "type" : "SWITCH_INTO_TERMINATE_STATE",
                            "job_id" : {{100000 + i}},
                            "date" : 1795158300,
                            "to_check" : "YES",
                            "description" : "[bipbip {{100000 + i}}] Ask to change the job state"
                         }
                      ],
                      "message" : "R=25,W=0:20:0,J=B,T=deploy (Karma=0.000,quota_ok)",
                      "reservation" : "None",
                      "owner" : "oaruser1",
                      "job_user" : "oaruser1",
                      "dependencies" : [],
                      "assigned_resources" : [
                {{resources}}
                      ],
                      "name" : null,
                      "types" : [
                         "deploy"
                      ],
                      "initial_request" : "oarsub -J -t deploy -l nodes=4,walltime=0:20 sleep 1200",
                      "wanted_resources" : "-l \"{type = 'default'}/network_address=4,walltime=0:20:0\" ",
                      "submissionTime" : 1795158236,
                      "startTime" : 1795158238,
                      "state" : "Running",
                      "queue" : "default",
                      "project" : "default",
                      "launchingDirectory" : "/home/oaruser1",
                      "stdout_file" : "OAR.{{100000 + i}}.stdout",
                      "stderr_file" : "OAR.{{100000 + i}}.stderr",
                      "jobType" : "PASSIVE",
                      "array_id" : {{100000 + i}},
                      "array_index" : 1,
                      "resubmit_job_id" : 0,
                      "cpuset_name" : null,
                      "Job_Id" : {{100000 + i}}
                   }
                """);
            text.Append(i < Jobs - 1 ? ",\n" : "\n");
        }
        return text.Append("}\n").ToString().Split('\n');
    }

    /// <summary>A front-end whose every command prints the same lines.</summary>
    sealed class Replay(string[] lines) : IFrontend
    {
        public string Site => "nancy";
        public string Name => "replay";
        public long Length { get; } = lines.Sum(l => l.Length + 1L);

        public Task<CommandResult> RunAsync(CommandRequest request, Action<OutputLine>? onLine = null, CancellationToken cancellationToken = default)
        {
            foreach (string line in lines) onLine?.Invoke(new OutputLine(line, false));
            return Task.FromResult(new CommandResult(Name, request, 0, "", "", TimeSpan.Zero));
        }

        public Task<Stream> ConnectAsync(string host, int port, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }
}
