using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using WaltG5k.Core.Walt.Logs;
using WaltG5k.Core.Walt.Python;
using WaltG5k.Core.Walt.Rpc;

namespace WaltG5k.Core.Walt;

public sealed partial class WaltServer
{
    /// <summary>The issuer of the server's own lines.</summary>
    public const string ServerIssuer = "walt-server";

    /// <summary>How far back lines are asked for again after a lost connection: late ones, and clocks that differ a little.</summary>
    static readonly TimeSpan s_logOverlap = TimeSpan.FromSeconds(5);

    /// <summary>How long a followed server may be away: about as long as it takes to restart.</summary>
    static readonly TimeSpan s_logAbsence = TimeSpan.FromMinutes(2);

    static readonly TimeSpan s_logRetry = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Lines of the past in the order of their time, read over HTTP in windows of few lines each: memory stays small however many there are, and
    /// whoever stops early has read little.
    /// </summary>
    /// <exception cref="G5kException"><c>PatternInvalid</c>, <c>LogRangeInvalid</c>, <c>WaltHttpFailed</c>, <c>RpcTimeout</c>.</exception>
    public async IAsyncEnumerable<WaltLogLine> GetLogsAsync(WaltLogQuery query,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Regex? streams = query.Stream is { } stream ? PosixPattern.Compile(stream) : null;
        Regex? lines = query.Pattern is { } pattern ? PosixPattern.Compile(pattern) : null;
        LogWindow whole = await GetWindowAsync(query, cancellationToken).ConfigureAwait(false);
        if (whole.Length <= TimeSpan.Zero) yield break;

        // The HTTP interface knows one issuer, and whole names of streams; the rest is chosen here.
        string? issuer = query.Issuers.Count == 1 ? query.Issuers[0] : null;
        string? wholeStream = query.Stream is { } text ? PosixPattern.GetWholeText(text) : null;
        HashSet<string> issuers = [.. query.Issuers];
        LogPager pager = new(
            (window, token) => CountLogsAsync(new WaltLogQuery { From = window.Begin, To = window.End, Issuers = issuer is null ? [] : [issuer] },
            token),
            (window, token) => _http.GetLogsAsync(window, issuer, wholeStream, token));
        await foreach (WaltLogLine line in pager.ReadAsync(whole, query.NewestFirst, cancellationToken).ConfigureAwait(false))
        {
            if ((issuers.Count == 0 || issuers.Contains(line.Issuer)) && streams?.IsMatch(line.Stream) != false
                && lines?.IsMatch(line.Line) != false) yield return line;
        }
    }

    /// <summary>How many lines of the past there are.</summary>
    /// <exception cref="G5kException"><c>PatternInvalid</c>, <c>RpcTimeout</c>.</exception>
    public async Task<long> CountLogsAsync(WaltLogQuery query, CancellationToken cancellationToken = default)
    {
        List<(string, PythonLiteral)> keywords = [("history", PythonLiteral.Tuple(ToLiteral(query.From), ToLiteral(query.To)))];
        if (query.Issuers.Count > 0) keywords.Add(("issuers", PythonLiteral.Strings(query.Issuers)));
        if (query.Stream is { } stream) keywords.Add(("streams_regexp", Checked(stream)));
        if (query.Pattern is { } pattern) keywords.Add(("logline_regexp", Checked(pattern)));
        keywords.Add(("exclude_consoles", false));
        RpcResult result = await CallAsync(new RpcCall("count_logs") { Keywords = PythonDict.Of(keywords) }, cancellationToken).ConfigureAwait(false);
        return result.Value is PythonInteger count ? (long)count.Value
            : throw new G5kException("RpcProtocolError", ErrorKind.ProtocolError, $"The WalT server {Host} answered count_logs with {result.Value}.",
            Host, "Is it WalT 10?");
    }

    /// <summary>
    /// Lines as they come, after those since <see cref="WaltLogQuery.From"/> if it is set; without end. A connection that is lost is opened again: no
    /// line is left out or given twice.
    /// </summary>
    /// <remarks>A line that a node sends while the connection is away, with a time of its own from long before, is not seen.</remarks>
    /// <exception cref="G5kException"><c>PatternInvalid</c>, <c>LogStreamLost</c>, <c>LogStreamInvalid</c>, <c>WaltStreamRefused</c>,
    /// <c>WaltStreamTimeout</c>.</exception>
    public async IAsyncEnumerable<WaltLogLine> FollowLogsAsync(WaltLogQuery query,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (query.Stream is { } stream) Checked(stream);
        if (query.Pattern is { } pattern) Checked(pattern);
        DateTimeOffset begin = query.From ?? await GetTimeAsync(cancellationToken).ConfigureAwait(false);
        RecentLines recent = new(s_logOverlap);
        LogStream source = await LogStream.OpenAsync(this, query, query.From, cancellationToken).ConfigureAwait(false);
        try
        {
            while (true)
            {
                if (await source.ReadAsync(cancellationToken).ConfigureAwait(false) is { } line)
                {
                    if (recent.Add(line)) yield return line;
                    continue;
                }
                cancellationToken.ThrowIfCancellationRequested();
                await source.DisposeAsync().ConfigureAwait(false);
                Reporter.Verbose($"WalT server {Host}: the stream of log lines has ended, opening it again");
                source = await ReopenLogsAsync(query, recent.GetResumption(begin), cancellationToken).ConfigureAwait(false);
                recent.Resume();
            }
        }
        finally
        {
            await source.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Waits for a line, from any of the issuers or from each of them; gives the first one of each that came in time, as they come.
    /// </summary>
    /// <param name="query">Its <c>From</c> says how far back a line may be. With <paramref name="fromEach"/> its issuers are named.</param>
    /// <exception cref="G5kException">As <see cref="FollowLogsAsync"/>.</exception>
    public async IAsyncEnumerable<WaltLogLine> WaitForLogsAsync(WaltLogQuery query, bool fromEach, TimeSpan timeout,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        HashSet<string> missing = [.. query.Issuers];
        if (fromEach && missing.Count == 0) yield break;
        using TimeLimit limit = new(timeout, Time, cancellationToken);
        IAsyncEnumerator<WaltLogLine> lines = FollowLogsAsync(query, limit.Token).GetAsyncEnumerator(limit.Token);
        await using (lines.ConfigureAwait(false))
        {
            while (await MoveNextAsync(lines, limit, cancellationToken).ConfigureAwait(false))
            {
                if (fromEach && !missing.Remove(lines.Current.Issuer)) continue;
                yield return lines.Current;
                if (!fromEach || missing.Count == 0) yield break;
            }
        }
    }

    static async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<WaltLogLine> lines, TimeLimit limit, CancellationToken caller)
    {
        try
        {
            return await lines.MoveNextAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (limit.IsOver && !caller.IsCancellationRequested)
        {
            return false;
        }
    }

    async Task<LogStream> ReopenLogsAsync(WaltLogQuery query, DateTimeOffset from, CancellationToken cancellationToken)
    {
        long lostAt = Time.GetTimestamp();
        while (true)
        {
            try
            {
                return await LogStream.OpenAsync(this, query, from, cancellationToken).ConfigureAwait(false);
            }
            catch (G5kException e) when (e.Kind is ErrorKind.ConnectionError or ErrorKind.OperationTimeout
                && Time.GetElapsedTime(lostAt) < s_logAbsence)
            {
                await Task.Delay(s_logRetry, Time, cancellationToken).ConfigureAwait(false);
            }
            catch (G5kException e) when (e.Kind is ErrorKind.ConnectionError or ErrorKind.OperationTimeout)
            {
                throw new G5kException("LogStreamLost", e.Kind,
                    $"The WalT server {Host} has sent no log lines for {s_logAbsence.TotalSeconds:0} s: {e.Message}", Host,
                    "Get-WaltServer; the lines since then are shown by: Get-WaltLog -From -5m", e);
            }
        }
    }

    /// <summary>The span that is asked for, as the HTTP interface can give it.</summary>
    async Task<LogWindow> GetWindowAsync(WaltLogQuery query, CancellationToken cancellationToken)
    {
        if (query.From > query.To)
            throw new G5kException("LogRangeInvalid", ErrorKind.InvalidArgument,
                $"The range of log lines begins at {query.From:u}, after its end at {query.To:u}.", query.From, "Exchange -From and -To.");
        // One microsecond on, so that what has just been printed is within.
        DateTimeOffset now = LogTime.Floor(await GetTimeAsync(cancellationToken).ConfigureAwait(false)).AddMicroseconds(1);
        DateTimeOffset from = LogTime.Floor(query.From ?? LogTime.Oldest), to = query.To is { } end ? LogTime.Floor(end).AddMicroseconds(1) : now;
        return new LogWindow(from < LogTime.Oldest ? LogTime.Oldest : from, to > now ? now : to);
    }

    static PythonLiteral ToLiteral(DateTimeOffset? moment) => moment is { } known ? LogTime.ToSeconds(known) : PythonLiteral.None;

    static string Checked(string pattern)
    {
        PosixPattern.Compile(pattern);
        return pattern;
    }
}
