using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;
using WaltG5k.Internal;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Wait-G5kReservation: until every job of a reservation runs.</summary>
[Cmdlet(VerbsLifecycle.Wait, "G5kReservation")]
[OutputType(typeof(Reservation))]
public sealed class WaitG5kReservationCommand : WaitingCmdlet
{
    const int ProgressId = 0x67356b01;
    readonly List<ReservationRef> _references = [];

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ReservationConversion]
    [ArgumentCompleter(typeof(ReservationCompleter))]
    public ReservationRef[] Reservation { get; set; } = [];

    [Parameter]
    [DurationConversion]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromHours(1);

    internal override string JobSubject => string.Join(", ", _references);

    protected override void ProcessRecord() => _references.AddRange(Reservation);

    internal override async Task WorkAsync(IOutput output, CancellationToken cancellationToken)
    {
        foreach (ReservationRef reference in _references)
        {
            try { output.Write(await WaitAsync(reference, output, cancellationToken).ConfigureAwait(false)); }
            catch (G5kException e) { output.WriteError(Errors.From(e)); }
        }
    }

    async Task<Reservation> WaitAsync(ReservationRef reference, IOutput output, CancellationToken cancellationToken)
    {
        Reservation reservation = await ReservationMemory.FindAsync(this, reference, cancellationToken).ConfigureAwait(false);
        string activity = $"Waiting for reservation {reservation.Name}";
        try
        {
            return await new ReservationService(new ReportedGrid(Session.Grid, output), output)
                .WaitAsync(reservation, Timeout, r => output.Progress(ToProgress(activity, r)), cancellationToken).ConfigureAwait(false);
        }
        finally { output.Progress(new ProgressUpdate(ProgressId, activity, "Done") { Completed = true }); }
    }

    ProgressUpdate ToProgress(string activity, Reservation reservation)
    {
        int running = reservation.Jobs.Count(j => j.State is OarJobState.Running);
        DateTimeOffset? start = reservation.Jobs.Max(j => j.ScheduledAt ?? j.StartedAt);
        TimeSpan? left = start is { } date && date > Session.Grid.Time.GetUtcNow() ? date - Session.Grid.Time.GetUtcNow() : null;
        return new ProgressUpdate(ProgressId, activity, $"{_Format.Ratio(running, reservation.Jobs.Count)} jobs running") { Remaining = left };
    }
}
