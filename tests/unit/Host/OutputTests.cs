using System.Management.Automation;
using WaltG5k.Host;
using WaltG5k.Host.Formatting;
using WaltG5k.Host.Terminal;

namespace WaltG5k.Tests.Host;

public sealed class OutputTests : IDisposable
{
    const string Views = """
        <Configuration><ViewDefinitions>
          <View>
            <Name>Machine</Name>
            <ViewSelectedBy><TypeName>WaltG5k.Tests.Host.Machine</TypeName></ViewSelectedBy>
            <GroupBy><PropertyName>Site</PropertyName><Label>At</Label></GroupBy>
            <TableControl>
              <TableHeaders>
                <TableColumnHeader><Label>Machine</Label><Width>7</Width></TableColumnHeader>
                <TableColumnHeader><Label>N</Label><Width>3</Width><Alignment>Right</Alignment></TableColumnHeader>
                <TableColumnHeader><Label>Where</Label></TableColumnHeader>
              </TableHeaders>
              <TableRowEntries><TableRowEntry><TableColumnItems>
                <TableColumnItem><PropertyName>Name</PropertyName></TableColumnItem>
                <TableColumnItem><PropertyName>Cores</PropertyName></TableColumnItem>
                <TableColumnItem><ScriptBlock>[WaltG5k.Tests.Host.OutputTests]::Shout($_.Site)</ScriptBlock></TableColumnItem>
              </TableColumnItems></TableRowEntry></TableRowEntries>
            </TableControl>
          </View>
        </ViewDefinitions></Configuration>
        """;

    readonly string _file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.ps1xml");
    readonly StringWriter _out = new() { NewLine = "\n" }, _error = new() { NewLine = "\n" };
    readonly ManualTime _time = new();

    public static string Shout(object? value) => $"\u001b[31m{value?.ToString()?.ToUpperInvariant()}\u001b[0m";

    public void Dispose()
    {
        File.Delete(_file);
        _out.Dispose();
        _error.Dispose();
    }

    string Show(string pipeline, OutputFormat format = OutputFormat.Table, string views = Views)
    {
        File.WriteAllText(_file, views);
        IOutputFormat output = format switch
        {
            OutputFormat.Json => new JsonOutput(_out),
            OutputFormat.Csv => new CsvOutput(_out),
            _ => new TextOutput(_out, new ViewTable(new FormatFiles([_file])), 40, false, format == OutputFormat.List ? true : null, _time),
        };
        var streams = new ConsoleStreams(output, _out, _error, new ProgressWriter(_error, false, () => 40, _time), colours: false);
        using HostSession session = TestSession.New();
        session.Run(pipeline, streams, default);
        streams.End();
        return _out.ToString();
    }

    [Fact]
    public void A_single_column_without_a_header_is_text()
    {
        string views = $"""
            <Configuration><ViewDefinitions><View>
              <ViewSelectedBy><TypeName>{typeof(Machine).FullName}</TypeName></ViewSelectedBy>
              <TableControl>
                <HideTableHeaders />
                <TableHeaders><TableColumnHeader><Label>Name</Label><Width>1</Width></TableColumnHeader></TableHeaders>
                <TableRowEntries><TableRowEntry><TableColumnItems><TableColumnItem><PropertyName>Name</PropertyName></TableColumnItem></TableColumnItems></TableRowEntry></TableRowEntries>
              </TableControl>
            </View></ViewDefinitions></Configuration>
            """;
        Assert.Equal("m1\nm2\n", Show("Get-TestMachine 2", views: views));
    }

    [Fact]
    public void A_table_follows_its_view() => Assert.Equal("""

           At: rennes

        Machine   N Where
        -------   - -----
        m1        1 RENNES


           At: nancy

        Machine   N Where
        -------   - -----
        m2        2 NANCY


        """, Show("Get-TestMachine 2"));

    [Fact]
    public void Without_a_view_the_columns_follow_the_contents() => Assert.Equal("""

        Name Cores
        ---- -----
        m9       9
        m10     10


        """, Show("Get-TestMachine 10 | Select-Object Name,Cores -Last 2"));

    [Fact]
    public void Many_properties_make_a_list() => Assert.Equal("""

        Count    : 2
        Property : Cores
        Sum      : 3
        Average  : 1.5
        Minimum  : 1
        Maximum  : 2


        """, Show("Get-TestMachine 2 | Measure-Object Cores"));

    [Fact]
    public void A_list_when_asked_for() =>
        Assert.Equal("\nName  : m1\nCores : 1\n\n", Show("Get-TestMachine 1 | Format-List Name,Cores"));

    [Fact]
    public void A_table_when_asked_for_with_wildcards() =>
        Assert.Equal("\nName Cores\n---- -----\nm1       1\n\n", Show("Get-TestMachine 1 | Format-Table N*,Cor*"));

    [Fact]
    public void Text_is_itself() => Assert.Equal("m1\nm2\n", Show("Get-TestMachine 2 | Select-Object -ExpandProperty Name"));

    [Theory]
    [InlineData("[WaltG5k.Tests.Host.OutputTests]::Echo($_)", "holder")]
    [InlineData("[WaltG5k.Tests.Host.OutputTests]::Echo( $_.Machines.Count )", "2")]
    [InlineData("[WaltG5k.Tests.Host.OutputTests]::Echo($_.Array.Count)", "3")]
    [InlineData("[WaltG5k.Tests.Host.OutputTests]::Echo($_.Machines.Name)", "a b")]
    [InlineData("[WaltG5k.Tests.Host.OutputTests]::Echo($_.Missing.Name)", "")]
    [InlineData("[WaltG5k.Tests.Host.OutputTests]::Echo($_.Array, $_.Machines.Cores)", "1 2 3/4 5")]
    public void Script_blocks_that_call_a_method_are_evaluated(string script, string expected) =>
        Assert.Equal(expected, Values.Text(ValueSource.Script(script).Of(new Holder())));

    [Fact]
    public void Other_script_blocks_are_refused() => Assert.Throws<FormatException>(() => ValueSource.Script("if ($_.A) { 1 }"));

    public static object? Echo(object? value) => value;
    public static string Echo(object? first, object? second) => $"{Values.Text(first)}/{Values.Text(second)}";

    sealed class Holder
    {
        public IReadOnlyList<Machine> Machines { get; } = [new("a", 4), new("b", 5)];
        public int[] Array { get; } = [1, 2, 3];
        public override string ToString() => "holder";
    }

    [Fact]
    public void What_is_too_long_ends_in_an_ellipsis()
    {
        var layout = new TableLayout(new View(false, [new Column("A", ValueSource.Property("A"), 4), new Column("B", ValueSource.Property("B"))]),
            [], 10);
        Assert.Equal("abc… 12345", layout.Line(["abcdef", "12345"]));
        Assert.Equal("abcd 1234…", layout.Line(["abcd", "123456"]));
    }

    [Fact]
    public void Json_is_an_array_of_all()
    {
        Assert.Equal("[\n  {\n    \"Name\": \"m1\",\n    \"Cores\": 1,\n    \"Site\": \"rennes\"\n  },\n  \"m1\"\n]\n",
            Show("Get-TestMachine 1; Get-TestMachine 1 | Select-Object -ExpandProperty Name", OutputFormat.Json));
        _out.GetStringBuilder().Clear();
        Assert.Equal("[]\n", Show("Get-TestMachine 0", OutputFormat.Json));
    }

    [Fact]
    public void Json_values_keep_their_meaning() => Assert.Equal(
        """{"Colour":"Green","Time":"00:00:20","Date":"2026-12-01T19:00:00+01:00","Flag":true,"None":null,"Real":1.5,"Table":{"a":[1,2]},"Site":"é"}""",
        JsonText.Of(new
        {
            Colour = Colour.Green,
            Time = TimeSpan.FromSeconds(20),
            Date = new DateTimeOffset(2026, 12, 1, 19, 0, 0, TimeSpan.FromHours(1)),
            Flag = new SwitchParameter(true),
            None = (string?)null,
            Real = 1.5,
            Table = new Dictionary<string, int[]> { ["a"] = [1, 2] },
            Site = "é",
        }, indented: false));

    [Fact]
    public void Json_ends_where_objects_hold_each_other()
    {
        var ring = new Ring();
        ring.Next = new Ring { Next = ring };
        string json = JsonText.Of(ring, depth: 2, indented: false);
        Assert.Equal("""{"Next":{"Next":{"Next":"ring"}}}""", json);
    }

    sealed class Ring
    {
        public Ring? Next { get; set; }
        public override string ToString() => "ring";
    }

    [Fact]
    public void Csv_quotes_and_lists_the_columns_once() =>
        Assert.Equal("\"Name\",\"Cores\",\"Site\"\n\"m1\",\"1\",\"rennes\"\n\"m2\",\"2\",\"nancy\"\n", Show("Get-TestMachine 2", OutputFormat.Csv));

    [Fact]
    public void An_error_names_the_command_and_recommends()
    {
        Show("Test-Failure; Test-Failure warning");
        Assert.Equal("Test-Failure: It failed.\nRecommendation: Try again.\nWARNING: careful\n", _error.ToString());
    }

    [Fact]
    public void Progress_off_a_terminal_is_one_line_per_change_and_not_too_many()
    {
        var progress = new ProgressWriter(_error, isTerminal: false, () => 40, _time);
        void At(int seconds, string status, int percent)
        {
            _time.Now = TimeSpan.FromSeconds(seconds);
            progress.Write(new ProgressRecord(1, "Deploying", status) { PercentComplete = percent });
        }
        At(0, "step a", 10);
        At(1, "step b", 20);
        At(5, "step b", 30);
        At(9, "step b", 40);
        Assert.Equal("Deploying: step a (10 %)\nDeploying: step b (30 %)\n", _error.ToString());
    }

    [Fact]
    public void Progress_on_a_terminal_is_one_line_that_is_cleared()
    {
        var progress = new ProgressWriter(_error, isTerminal: true, () => 44, _time);
        progress.Write(new ProgressRecord(1, "Deploying", "12 of 20 nodes") { PercentComplete = 60, SecondsRemaining = 90 });
        progress.Write(new ProgressRecord(1, "Deploying", "too soon to be drawn"));
        progress.Write(new ProgressRecord(1, "Deploying", "done") { RecordType = ProgressRecordType.Completed });
        Assert.Equal("\r\u001b[K[############........]  60 % Deploying: 12…\r\u001b[K", _error.ToString());
    }

    sealed class ManualTime : TimeProvider
    {
        public TimeSpan Now { get; set; }
        public override long GetTimestamp() => Now.Ticks;
        public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    }
}
