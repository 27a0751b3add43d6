using WaltG5k.Testbed.Oar;
using WaltG5k.Testbed.Oar.Resources;
using WaltG5k.Testbed.Oar.Sql;

namespace WaltG5k.Tests.Testbed;

public class OarRequestTests
{
    [Theory]
    [InlineData("nodes=3,walltime=0:30", "/network_address=3", 1800)]
    [InlineData("/switch=1/nodes=4,walltime=1", "/switch=1/network_address=4", 3600)]
    [InlineData("nodes=ALL", "/network_address=ALL", null)]
    [InlineData("host=BEST,walltime=1:2:3", "/host=BEST", 3723)]
    [InlineData("{type='kavlan'}/vlan=1+{cluster='a,b+c' and eth_count>=2}/nodes=3,walltime=0:20",
        "{type='kavlan'}/vlan=1+{cluster='a,b+c' and eth_count>=2}/network_address=3", 1200)]
    [InlineData("{type='kavlan-local'}/vlan=1+/nodes=1", "{type='kavlan-local'}/vlan=1+/network_address=1", null)]
    [InlineData("{cluster IN ('gros','grisou')}/nodes=2/core=4", "{cluster IN ('gros','grisou')}/network_address=2/core=4", null)]
    [InlineData("walltime=2", "", 7200)]
    public void Requests_are_read_with_their_filters_and_walltime(string text, string groups, int? walltime)
    {
        ResourceRequest request = ResourceRequest.Parse(text);
        Assert.Equal((groups, walltime), (string.Join('+', request.Groups), request.Walltime));
    }

    [Theory]
    [InlineData("nodes=abc")]
    [InlineData("nodes")]
    [InlineData("nodes=-1")]
    [InlineData("{cluster='x'/nodes=1")]
    [InlineData("nodes=1,walltime=1:2:3:4")]
    [InlineData("nodes=1,wall=2")]
    [InlineData("")]
    public void What_is_no_request_is_refused(string text) =>
        Assert.StartsWith(@"/!\ Cannot recognize", Assert.Throws<FormatException>(() => ResourceRequest.Parse(text)).Message,
        StringComparison.Ordinal);

    static readonly Dictionary<string, object?> s_row =
        new() { ["cluster"] = "gros", ["eth_count"] = 2L, ["vlan"] = null, ["host"] = "gros-1.nancy.grid5000.fr" };

    static bool? ColumnType(string column) => column switch { "eth_count" => true, "cluster" or "vlan" or "host" => false, _ => null };

    [Theory]
    [InlineData("cluster='gros'", true)]
    [InlineData("cluster = 'gros' AND eth_count > 2", false)]
    [InlineData("cluster != 'gros' or eth_count >= 2", true)]
    [InlineData("cluster <> 'gros'", false)]
    [InlineData("eth_count = '2'", true)]
    [InlineData("2 <= eth_count", true)]
    [InlineData("not (cluster='gros')", false)]
    [InlineData("cluster IN ('grisou', 'gros')", true)]
    [InlineData("cluster NOT IN ('grisou')", true)]
    [InlineData("host LIKE 'gros-_.nancy.%'", true)]
    [InlineData("host not like 'gros%'", false)]
    [InlineData("eth_count BETWEEN 1 AND 3 AND cluster='gros'", true)]
    [InlineData("vlan = '4'", false)]
    [InlineData("NOT vlan = '4'", false)]
    [InlineData("vlan IS NULL", true)]
    [InlineData("vlan IS NOT NULL OR cluster='gros'", true)]
    [InlineData("cluster='gr''os'", false)]
    [InlineData("cluster='a' AND eth_count=1 OR cluster='gros'", true)]
    public void Filters_are_evaluated_as_the_database_does(string filter, bool matches) =>
        Assert.Equal(matches, new SqlFilter(filter, ColumnType).Matches(c => s_row[c]));

    [Theory]
    [InlineData("nosuchprop='x'", "column \"nosuchprop\" does not exist")]
    [InlineData("cluster=gros", "column \"gros\" does not exist")]
    [InlineData("cluster='gros", "unterminated quoted string at or near \"'gros\"")]
    [InlineData("cluster=", "syntax error at end of input")]
    [InlineData("cluster='a' cluster='b'", "syntax error at or near \"cluster\"")]
    [InlineData("(cluster='a'", "syntax error at end of input")]
    [InlineData("eth_count='two'", "invalid input syntax for type integer: \"two\"")]
    [InlineData("cluster=4", "operator does not exist: character varying = integer")]
    public void Errors_are_in_the_words_of_the_database(string filter, string message) =>
        Assert.Equal(message, Assert.Throws<SqlException>(() => new SqlFilter(filter, ColumnType)).Message);

    [Theory]
    [InlineData(261, "0:4:21")]
    [InlineData(90000, "25:0:0")]
    public void Durations_have_no_leading_zeros(int seconds, string text) =>
        Assert.Equal((text, seconds), (OarFormat.Duration(seconds), OarFormat.ParseDuration(text)));

    [Theory]
    [InlineData("2026-02-30 10:00:00")]
    [InlineData("2026-03-24 10:00")]
    [InlineData("2026-03-24 24:00:00")]
    [InlineData("tomorrow")]
    public void What_is_no_date_is_none(string text) => Assert.Null(OarFormat.ParseDate(text));
}
