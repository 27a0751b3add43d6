using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using WaltG5k.Core.Oar;

namespace WaltG5k.Tests.Oar;

/// <summary>What holds whatever OAR and its sites print.</summary>
public class OarProperties
{
    static readonly string[] s_samples = ["job-running-kavlan", "job-error-besteffort-resubmitted", "reservation-waiting", "job-terminated-exit-3",
        "reservation-client-killed"];
    static readonly string[] s_values = ["null", "0", "-1", "99999999999999999999", "1e400", "1.5", "true", "\"\"", "\"7\"", "\"\\ud800\"", "\"é\"",
        "[]", "[null, 1, \"a\", {}]", "{}", "{\"a\": [1, {}]}", "9223372036854775807"];

    static readonly Gen<string> s_chatter = Gen.OneOf(
        Gen.Elements("[ADMISSION RULE] Set default walltime to 7200.", "# Filtering out exotic resources (aster).", "", "OAR_JOB_ID", "OAR_JOB_ID=",
        "OAR_ARRAY_ID=5", "JOB_ID=8", "# OAR_JOB_ID=9", "OAR_JOB_ID=-5", "{", "##########", "Welcome {guest}"),
        ArbMap.Default.GeneratorFor<NonNull<string>>().Select(s => "# " + s.Get.ReplaceLineEndings(" ")));

    static JsonObject ReadSample(string sample) => JsonNode.Parse(RecordedCommand.Read($"oar/{sample}.txt").Output)!.AsObject();

    [Fact]
    public void A_job_with_any_value_changed_is_read_and_the_rest_is_kept()
    {
        var changes = from sample in Gen.Elements(s_samples)
                      from key in Gen.Elements(ReadSample(sample).First().Value!.AsObject().Select(p => p.Key).ToArray())
                      from value in Gen.Elements(s_values)
                      select (sample, key, value);
        Prop.ForAll(changes.ToArbitrary(), c =>
        {
            JsonObject document = ReadSample(c.sample);
            JsonObject job = document.First().Value!.AsObject();
            OarJob before = Read(document);
            // Written by hand: a half surrogate and a number beyond all types are no nodes.
            job[c.key] = "@@";
            string text = document.ToJsonString().Replace("\"@@\"", c.value, StringComparison.Ordinal);
            OarJob after = Assert.Single(OarJobReader.Read("arles", text));
            _ = (after.End, after.EndReason, after.WaitReason, after.PredictedStart, after.EndsAt, after.ResubmittedAs, after.ExitStatus);
            return Same(before, after, c.key);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void The_order_of_the_keys_does_not_matter()
    {
        var orders = from sample in Gen.Elements(s_samples)
                     from order in Gen.Shuffle(ReadSample(sample).First().Value!.AsObject().Select(p => p.Key).ToArray())
                     select (sample, order);
        Prop.ForAll(orders.ToArbitrary(), c =>
        {
            JsonObject document = ReadSample(c.sample);
            string id = document.First().Key;
            JsonObject job = document[id]!.AsObject();
            var shuffled = new JsonObject(c.order.Select(k => KeyValuePair.Create(k, job[k]?.DeepClone())));
            return Text(Read(document)) == Text(Read(new JsonObject { [id] = shuffled }));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Missing_keys_are_not_known()
    {
        var removals = from sample in Gen.Elements(s_samples)
                       from keys in Gen.SubListOf(ReadSample(sample).First().Value!.AsObject().Select(p => p.Key).ToArray())
                       select (sample, keys);
        Prop.ForAll(removals.ToArbitrary(), c =>
        {
            JsonObject document = ReadSample(c.sample);
            string id = document.First().Key;
            foreach (string key in c.keys) document[id]!.AsObject().Remove(key);
            OarJob job = Read(document);
            return job.Id.ToString(System.Globalization.CultureInfo.InvariantCulture) == id
                && (c.keys.Contains("owner") ? job.Owner.Length == 0 : job.Owner.Length > 0);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void The_ids_are_found_among_any_chatter()
    {
        var outputs = from before in s_chatter.ArrayOf()
                      from ids in Gen.Choose(1, int.MaxValue).NonEmptyListOf()
                      from after in s_chatter.ArrayOf()
                      select (before, ids: ids.Distinct().Select(i => (long)i).ToArray(), after);
        Prop.ForAll(outputs.ToArbitrary(), c =>
        {
            var output = new OarSubmitOutput();
            foreach (string line in (string[])[.. c.before, .. c.ids.Select(i => $"OAR_JOB_ID={i}"), .. c.after]) output.Take(line);
            return output.JobIds.SequenceEqual(c.ids);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_wait_status_is_an_exit_status_or_a_signal()
    {
        Prop.ForAll(Gen.Choose(0, 255).Zip(Gen.Choose(0, 64)).ToArbitrary(), c =>
        {
            (int status, int signal) = c;
            return WaitStatus.GetExitStatus(status << 8) == status && WaitStatus.GetSignal(status << 8) is null
                && (signal == 0 || (WaitStatus.GetSignal(signal) == signal && WaitStatus.GetSignal(signal | 0x80) == signal
                && WaitStatus.GetExitStatus(signal) is null));
        }).QuickCheckThrowOnFailure();
        Assert.Equal((null, null), (WaitStatus.GetExitStatus(null), WaitStatus.GetSignal(null)));
    }

    /// <summary>PostgreSQL's own rule: a quoted text is quotes around anything in which each quote is doubled.</summary>
    [Fact]
    public void A_text_never_leaves_its_quotes() =>
        Prop.ForAll(ArbMap.Default.GeneratorFor<NonNull<string>>().Select(s => s.Get.Replace("\0", "'", StringComparison.Ordinal)).ToArbitrary(),
        text =>
        {
            string quoted = OarSql.Quote(text);
            return Regex.IsMatch(quoted, "\\A'(?:[^']|'')*'\\z") && quoted[1..^1].Replace("''", "'", StringComparison.Ordinal) == text;
        }).QuickCheckThrowOnFailure();

    static OarJob Read(JsonObject document) => Assert.Single(OarJobReader.Read("arles", document.ToJsonString()));

    static string Text(OarJob job) => JsonSerializer.Serialize(job);

    /// <summary>Whether two jobs agree in what does not come from the key.</summary>
    static bool Same(OarJob a, OarJob b, string changed) =>
        (changed == "Job_Id" || a.Id == b.Id) && (changed == "owner" || a.Owner == b.Owner) && (changed == "state" || a.State == b.State)
        && (changed == "command" || a.Command == b.Command) && (changed == "message" || a.Message == b.Message)
        && (changed == "startTime" || a.StartedAt == b.StartedAt) && (changed == "walltime" || a.Walltime == b.Walltime)
        && (changed == "types" || a.Types.SequenceEqual(b.Types)) && (changed == "events" || a.Events.SequenceEqual(b.Events))
        && (changed == "assigned_network_address" || a.Nodes.SequenceEqual(b.Nodes));
}
