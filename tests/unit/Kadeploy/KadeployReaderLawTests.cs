using FsCheck;
using FsCheck.Fluent;
using WaltG5k.Core.Kadeploy;

namespace WaltG5k.Tests.Kadeploy;

/// <summary>What holds for every output: of several clusters in between one another, cut anywhere, with reasons of several lines.</summary>
public class KadeployReaderLawTests
{
    static readonly Config s_config = Config.QuickThrowOnFailure.WithMaxTest(150).WithReplay(20260324, 1);

    static readonly string[] s_samples =
    [
        .. ((string[])["deploy-ok-two-nodes-v3", "deploy-partial-failure-v4", "deploy-all-failed-multicluster-v4", "deploy-breakpoint-v4",
        "deploy-multicluster-dummy-v4",
            "deploy-custom-steps-v4", "reboot-partial-failure-v4", "power-status"]).Select(s => RecordedCommand.Read($"kadeploy/{s}.txt").Output),
        Samples.Read("kadeploy/deploy-interrupted-on-pty.txt"),
    ];

    static IEnumerable<string> Show(IEnumerable<KadeployEvent> events) => events.Select(KadeployReading.Show);

    [Fact]
    public void Text_cut_anywhere_tells_the_same() =>
        Prop.ForAll(Arb.From(Gen.Elements(s_samples)), Arb.From(Gen.Choose(1, 97).NonEmptyListOf()), (output, cuts) =>
        {
            List<KadeployEvent> events = [];
            var reader = new KadeployReader(events.Add, new KadeployReading.StandingTime());
            for (int start = 0, i = 0; start < output.Length; i++)
            {
                int length = Math.Min(cuts[i % cuts.Count], output.Length - start);
                reader.Write(output.AsSpan(start, length));
                start += length;
            }
            reader.Complete();
            return Show(events).SequenceEqual(Show(KadeployReading.Read(output)));
        }).Check(s_config);

    [Fact]
    public void Line_ends_of_a_terminal_change_nothing() =>
        Prop.ForAll(Arb.From(Gen.Elements(s_samples)), output =>
        {
            string plain = output.ReplaceLineEndings("\n");
            return Show(KadeployReading.Read(plain.Replace("\n", "\r\n", StringComparison.Ordinal))).SequenceEqual(Show(KadeployReading.Read(plain)));
        }).Check(s_config);

    [Fact]
    public void An_output_that_breaks_off_tells_the_beginning_of_the_whole() =>
        Prop.ForAll(Arb.From(Gen.Elements(s_samples)), Arb.From(Gen.Choose(0, 60)), (output, count) =>
        {
            string[] lines = output.Split('\n');
            string begun = string.Concat(lines.Take(count).Select(l => l + "\n"));
            string[] whole = [.. Show(KadeployReading.Read(output))];
            string[] part = [.. Show(KadeployReading.Read(begun))];
            // A reason that breaks off is all that may differ.
            return part.SkipLast(1).SequenceEqual(whole.Take(Math.Max(0, part.Length - 1)));
        }).Check(s_config);

    [Fact]
    public void Each_cluster_tells_the_same_however_their_lines_come()
    {
        string[] Lines(int mark, string cluster) =>
        [
            $"[c{mark}] Launching a deployment on {cluster}-[1-3].nancy.grid5000.fr",
                $"[c{mark}] Performing a Deploy[SetDeploymentMiniOSUntrusted] step",
            $"[c{mark}]   switch_pxe", $"[c{mark}]    ~ Time in switch_pxe: 1s", $"[c{mark}]   wait_reboot",
            $"[c{mark}]    * {cluster}-1.nancy.grid5000.fr is here after 9s",
            $"[c{mark}]    ~ Time in wait_reboot: 62s", $"[c{mark}] !!! The nodes {cluster}-3.nancy.grid5000.fr failed on step wait_reboot",
            $"[c{mark}] Step Deploy[SetDeploymentMiniOSUntrusted] failed for {cluster}-3.nancy.grid5000.fr after 63s", $"[c{mark}] ---",
            $"[c{mark}] Nodeset [c{mark}] split into :", $"[c{mark}]   [c{mark}.1] {cluster}-[1-2].nancy.grid5000.fr",
            $"[c{mark}]   [c{mark}.2] {cluster}-3.nancy.grid5000.fr",
            $"[c{mark}] ---", $"[c{mark}.1]   sync", $"[c{mark}.1] End of step Deploy[SetDeploymentMiniOSUntrusted] after 70s",
            $"[c{mark}] End of deployment for {cluster}-[1-2].nancy.grid5000.fr after 71s",
            $"[c{mark}] End of deployment on cluster {cluster} after 72s",
        ];
        string[][] clusters = [Lines(1, "gros"), Lines(2, "grisou"), Lines(3, "gruss")];
        const string Head =
            "Deployment #D-1 started\n---\nClusters involved in the operation:\n  [c1] : gros\n  [c2] : grisou\n  [c3] : gruss\n---\n";
        List<KadeployEvent> inTurn = KadeployReading.Read(Head + string.Join('\n', clusters.SelectMany(c => c)) + "\n");
        Assert.DoesNotContain(inTurn, e => e is TextLine);

        Prop.ForAll(Arb.From(Gen.Choose(0, 2).ArrayOf(120)), order =>
        {
            int[] next = [0, 0, 0];
            List<string> mixed = [];
            foreach (int cluster in order.Concat(Enumerable.Range(0, 3).SelectMany(c => Enumerable.Repeat(c, 30))))
            {
                if (next[cluster] < clusters[cluster].Length) mixed.Add(clusters[cluster][next[cluster]++]);
            }
            List<KadeployEvent> events = KadeployReading.Read(Head + string.Join('\n', mixed) + "\n");
            return ((string[])["gros", "grisou", "gruss"])
                .All(c => Show(events.Where(e => e.Cluster == c)).SequenceEqual(Show(inTurn.Where(e => e.Cluster == c))));
        }).Check(s_config);
    }

    [Fact]
    public void Reasons_keep_their_lines() =>
        Prop.ForAll(Arb.From(Gen.Elements("sh: 1: cannot create it", "", "a (b) c", "  indented", "a,b,\"c\"", "Running late", "x: y", "---",
        "[c1] odd").NonEmptyListOf()), lines =>
        {
            string reason = string.Join('\n', lines);
            const string Node = "gros-1.nancy.grid5000.fr";
            string output =
                $"The deployment failed on nodes\n{Node} (BootNewEnvKexec-kexec: {reason}\n)\ngros-2.nancy.grid5000.fr (BootNewEnvKexec-kexec: other)\n";
            NodeReported[] reports = [.. KadeployReading.Read(output).OfType<NodeReported>()];
            string? expected = reason.Trim().Length == 0 ? null : reason.Trim();
            // A line that ends in a bracket may close the reason; the line after it is then taken for what follows.
            return reports.Length == 2 && reports[0].Reason == expected && reports[1].Reason == "other";
        }).Check(s_config);
}
