using System.Text.Json;
using System.Text.Json.Serialization;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;
using WaltG5k.Core.VirtualMachines.Deploying;

namespace WaltG5k.Core.Deployments.Journal;

/// <summary>One line of a journal. Exactly one of the optional parts is set, named by what happened.</summary>
sealed record JournalEntry
{
    public DateTimeOffset At { get; init; }
    public CreatedPart? Created { get; init; }
    public DriverPart? Driver { get; init; }
    public StepPart? Step { get; init; }
    public DeploymentFacts? Facts { get; init; }
    public NodePart? Node { get; init; }
    /// <summary>Of a deployment of virtual machines.</summary>
    public VMDeploymentFacts? Virtual { get; init; }
    public HostPart? Host { get; init; }
    public MachinePart? Machine { get; init; }
    public Finding? Finding { get; init; }
    public StatePart? State { get; init; }
}

/// <param name="Format">1; a journal of another format is not read.</param>
/// <param name="Request">Of a WalT deployment.</param>
sealed record CreatedPart(int Format, string Id, DeploymentRequest? Request, string? Recipe, IReadOnlyList<PlannedStep> Steps)
{
    /// <summary>Of a deployment of virtual machines.</summary>
    public VMDeploymentRequest? Machines { get; init; }
}

/// <summary>A process begins to drive.</summary>
sealed record DriverPart(int Pid, string Machine, bool IsMainJob);

sealed record StepPart(string Name, StepState State, int Attempt, string? Note = null);

sealed record NodePart(string Name, bool IsBooted);

/// <summary>A turn in the life of the deployment. Ready, Failed and Released are ends; Releasing is not.</summary>
/// <param name="Final">With Releasing: where it leads, Failed or Released.</param>
/// <param name="JobsKept">With Failed: the jobs still run, because the user asked for it or owns them.</param>
sealed record StatePart(DeploymentState State, DeploymentState? Final = null, bool JobsKept = false, string? Reason = null);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    UseStringEnumConverter = true,
    Converters = [typeof(WalltimeConverter), typeof(ReservationStartConverter)])]
[JsonSerializable(typeof(JournalEntry))]
sealed partial class JournalJson : JsonSerializerContext;

sealed class WalltimeConverter : JsonConverter<Walltime>
{
    public override Walltime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Walltime.Parse(reader.GetString() ?? "");
    public override void Write(Utf8JsonWriter writer, Walltime value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

sealed class ReservationStartConverter : JsonConverter<ReservationStart>
{
    public override ReservationStart Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString() switch
    {
        "now" => ReservationStart.Now,
        "night" => ReservationStart.Night,
        "first" => ReservationStart.First,
        "max" => ReservationStart.Max,
        { } date => ReservationStart.At(DateTimeOffset.Parse(date, System.Globalization.CultureInfo.InvariantCulture)),
        null => ReservationStart.Now,
    };

    public override void Write(Utf8JsonWriter writer, ReservationStart value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Date?.ToString("O", System.Globalization.CultureInfo.InvariantCulture)
        ?? (value.IsNight ? "night" : value.IsFirst ? "first" : value.IsMax ? "max" : "now"));
}
