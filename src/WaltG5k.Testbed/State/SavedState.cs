using System.Text.Json;
using System.Text.Json.Nodes;
using WaltG5k.Core;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Testbed.State;

/// <summary>What a testbed leaves behind in <c>state.json</c>.</summary>
/// <param name="Clock">The date that its clock showed: time stands still while nobody runs the testbed.</param>
/// <param name="NodeCount">Its size, as asked for.</param>
/// <param name="Parts">What each part saved, by its name.</param>
sealed record SavedState(DateTimeOffset Clock, int NodeCount, JsonObject Parts)
{
    const int FormatVersion = 1;

    static string PathIn(string folder) => Path.Combine(folder, "state.json");

    /// <summary>The state in a folder, or null: there is none yet.</summary>
    /// <exception cref="G5kException"><c>TestbedStateCorrupt</c>, <c>TestbedStateUnavailable</c>.</exception>
    public static SavedState? Read(string folder)
    {
        string path = PathIn(folder);
        try
        {
            if (!File.Exists(path)) return null;
            JsonObject root = JsonNode.Parse(File.ReadAllBytes(path))!.AsObject();
            if (root["version"]!.GetValue<int>() != FormatVersion) throw new FormatException("It was written by another version.");
            return new SavedState(root["clock"]!.GetValue<DateTimeOffset>(), root["nodeCount"]!.GetValue<int>(), root["parts"]!.AsObject());
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or NullReferenceException)
        {
            throw Corrupt(folder, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unavailable(folder, e);
        }
    }

    /// <summary>Replaces the state in a folder as a whole: a reader, or a crash, never meets half a file.</summary>
    public void Write(string folder)
    {
        string path = PathIn(folder);
        var root = new JsonObject { ["version"] = FormatVersion, ["clock"] = Clock, ["nodeCount"] = NodeCount, ["parts"] = Parts };
        string temporary = path + ".new";
        using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        using (var json = new Utf8JsonWriter(stream)) root.WriteTo(json);
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Gives each part what it saved.</summary>
    /// <exception cref="G5kException"><c>TestbedStateCorrupt</c>.</exception>
    public void LoadInto(TestbedWorld world, string folder)
    {
        lock (world.Sync)
        {
            foreach (ITestbedPart part in world.Parts)
            {
                if (Parts[part.Name] is not { } saved) continue;
                try
                {
                    part.Load(saved);
                }
                catch (Exception e) when (e is not G5kException)
                {
                    throw Corrupt(folder, e, part.Name);
                }
            }
        }
    }

    public static G5kException Unavailable(string folder, Exception cause) => new("TestbedStateUnavailable", ErrorKind.WriteError,
        $"The folder '{folder}' cannot hold a testbed: {cause.Message}", folder, "Give a folder that you can write to with -StatePath.", cause);

    static G5kException Corrupt(string folder, Exception cause, string? part = null) => new("TestbedStateCorrupt", ErrorKind.InvalidData,
        $"The state of the testbed in '{folder}' cannot be read{(part is null ? "" : $" ({part})")}: {cause.Message}", folder,
        $"Begin anew with: Connect-G5k -Testbed -Fresh -StatePath {PosixShell.Quote(folder)}", cause);
}
