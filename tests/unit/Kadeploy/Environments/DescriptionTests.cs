using FsCheck;
using FsCheck.Fluent;
using WaltG5k.Core;
using WaltG5k.Core.Kadeploy;

namespace WaltG5k.Tests.Kadeploy.Environments;

public sealed class DescriptionTests
{
    const string Custom = """
        ---
        name: debian12-mine
        version: 3
        arch: x86_64
        description: "with iperf3: 3.12"
        author: jdoe@example.org
        visibility: shared
        destructive: false
        os: linux
        image:
          file: http://public.nancy.grid5000.fr/~jdoe/mine.tar.zst
          kind: tar
          compression: zstd
        postinstalls:
        - archive: server:///grid5000/postinstalls/g5k-postinstall.tgz
          compression: gzip
          script: g5k-postinstall --net debian
        boot:
          kernel: "/vmlinuz"
          initrd: "/initrd.img"
          kernel_params: console=ttyS0
        filesystem: ext4
        partition_type: 131
        multipart: false
        options:
          kexec: false
          trust_previous_env: true
        custom_variables:
          SWAP: "yes"
        """;

    [Fact]
    public void The_form_that_kaenv3_prints_is_read()
    {
        string text = Samples.Read("kadeploy/kaenv-print.txt");
        string yaml = text[text.IndexOf("---", StringComparison.Ordinal)..text.IndexOf("exit code", StringComparison.Ordinal)];

        DescriptionReading reading = DescriptionReader.Read(yaml);

        Assert.True(reading.IsValid, string.Join("\n", reading.Findings));
        EnvironmentDescription environment = reading.Description!;
        Assert.Equal(("debian12-min", 2024031415L, EnvironmentVisibility.Public, "linux"),
            (environment.Name, environment.Version, environment.Visibility, environment.Os));
        Assert.Equal(new EnvironmentImage("server:///grid5000/images/debian12-min.tar.gz", "tar", "gzip"), environment.Image);
        Assert.Equal("g5k-postinstall --net debian", Assert.Single(environment.Postinstalls).Script);
        Assert.Equal(("/vmlinuz", "/initrd.img", "ext4", 131),
            (environment.Boot.Kernel, environment.Boot.Initrd, environment.FileSystem, environment.PartitionType));
    }

    [Fact]
    public void The_JSON_of_the_API_is_read_as_well()
    {
        const string json = """
            {"name":"debian11-min","version":2021092316,"arch":"x86_64","alias":"debian11-x64-min","description":"debian 11 (bullseye) for x64 - min","author":"a@b","visibility":"public","destructive":false,"os":"linux","image":{"file":"server:///grid5000/images/debian11-x64-min-2021092316.tar.zst","kind":"tar","compression":"zstd"},"postinstalls":[{"archive":"server:///grid5000/postinstalls/g5k-postinstall.tgz","compression":"gzip","script":"g5k-postinstall --net debian"}],"boot":{"kernel":"/vmlinuz","initrd":"/initrd.img","kernel_params":""},"filesystem":"ext4","partition_type":131,"multipart":false,"user":"deploy"}
            """;

        EnvironmentDescription environment = DescriptionReader.Read(json).Description!;

        Assert.Equal(("debian11-x64-min", "x86_64", "deploy", "zstd"),
            (environment.Alias, environment.Architecture, environment.Owner, environment.Image!.Compression));
    }

    [Fact]
    public void What_is_written_is_read_back_the_same()
    {
        DescriptionReading reading = DescriptionReader.Read(Custom);
        Assert.True(reading.IsValid, string.Join("\n", reading.Findings));
        Assert.Equal("true", reading.Description!.Others["options.trust_previous_env"]);
        Assert.Equal("yes", reading.Description.CustomVariables["SWAP"]);
        Assert.False(reading.Description.AllowsKexec);

        string written = DescriptionWriter.Write(reading.Description);

        Assert.Equivalent(reading.Description, DescriptionReader.Read(written).Description, strict: true);
        Assert.StartsWith("---\nname: debian12-mine\nversion: 3\n", written, StringComparison.Ordinal);
        Assert.DoesNotContain("...", written, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_text_survives_being_written()
    {
        Prop.ForAll<NonNull<string>, NonNull<string>>((description, parameters) =>
        {
            string text = Clean(description.Get), kernel = Clean(parameters.Get);
            var environment = new EnvironmentDescription("x")
            {
                Description = text,
                Image = new EnvironmentImage("server:///a.tar.gz", "tar", "gzip"),
                Boot = new EnvironmentBoot { Kernel = "/vmlinuz", Initrd = "/initrd", KernelParameters = kernel },
                FileSystem = "ext4",
            };
            EnvironmentDescription read = DescriptionReader.Read(DescriptionWriter.Write(environment)).Description!;
            return (read.Description == text && read.Boot.KernelParameters == kernel).Label(DescriptionWriter.Write(environment));
        }).Check(Config.QuickThrowOnFailure);

        // YAML holds printable characters only; half a surrogate pair is none.
        static string Clean(string text) => new(
            [.. text.Where(c => !char.IsControl(c) && !char.IsSurrogate(c) && c is not ('\uFFFE' or '\uFFFF' or '\uFEFF' or '\u2028' or '\u2029'))]);
    }

    [Fact]
    public void The_form_of_Kadeploy_3_1_can_be_brought_up_to_date()
    {
        DescriptionReading reading = DescriptionReader.Read("""
            ###
            name : squeeze-mine
            version : 1
            description : Debian 6
            author : jdoe
            tarball : http://public.nancy.grid5000.fr/~jdoe/x.tgz|tgz
            postinstall : server:///grid5000/postinstalls/squeeze.tgz|tgz|traitement.ash /rambin
            kernel : /boot/vmlinuz-2.6.32
            initrd : /boot/initrd.img-2.6.32
            fdisktype : 83
            filesystem : ext3
            environment_kind : linux
            visibility : shared
            demolishing_env : 0
            """);

        Assert.True(reading.IsValid, string.Join("\n", reading.Findings));
        Assert.Contains(reading.Findings, f => f is { Code: "OldForm", Line: 6 });
        EnvironmentDescription environment = reading.Description!;
        Assert.Equal(("tar", "gzip", 131, "ext3"),
            (environment.Image!.Kind, environment.Image.Compression, environment.PartitionType, environment.FileSystem));
        Assert.Equal("traitement.ash /rambin", environment.Postinstalls[0].Script);
        Assert.True(DescriptionReader.Read(DescriptionWriter.Write(environment)).IsValid);
    }

    [Theory]
    [InlineData("  kind: tar", "  kind: tarr", "InvalidValue", 12, "tar, dd, fsa can be had. Did you mean tar?")]
    [InlineData("filesystem: ext4\n", "", "MissingKey", 1, "'filesystem' is missing")]
    [InlineData("filesystem: ext4", "filesytem: ext4", "UnknownKey", 22, "Did you mean filesystem?")]
    [InlineData("partition_type: 131", "partition_type: lots", "InvalidValue", 23, "'partition_type' must be a number")]
    [InlineData("  file: http://", "  file: ftp://", "InvalidFile", 10, "cannot be fetched")]
    [InlineData("name: debian12-mine", "name: deb ian", "InvalidName", 2, "cannot be a name")]
    [InlineData("compression: zstd", "compression: gzip", "CompressionMismatch", 10, "zstd")]
    [InlineData("visibility: shared", "visibility: public", "PublicNeedsAdministrator", 7, "administrators")]
    [InlineData("destructive: false", "destructive: maybe", "InvalidValue", 8, "true or false")]
    [InlineData("os: linux", "os: linux\n os: x", "InvalidYaml", 0, "not YAML")]
    public void What_is_wrong_is_told_with_its_line(string good, string bad, string code, int line, string words)
    {
        string text = Custom.ReplaceLineEndings("\n");
        Assert.Contains(good, text, StringComparison.Ordinal);

        DescriptionReading reading = DescriptionReader.Read(text.Replace(good, bad, StringComparison.Ordinal));

        DescriptionFinding finding = Assert.Single(reading.Findings, f => f.Code == code);
        Assert.Contains(words, finding.Message, StringComparison.Ordinal);
        if (line > 0 && code is not "MissingKey") Assert.Equal(line, finding.Line);
    }

    [Theory]
    [InlineData("")]
    [InlineData("just words")]
    [InlineData("- a\n- b")]
    public void A_text_that_is_no_description_is_an_error(string text)
    {
        DescriptionReading reading = DescriptionReader.Read(text);

        Assert.Null(reading.Description);
        Assert.Equal("NotADescription", Assert.Single(reading.Findings).Code);
    }

    [Theory]
    [InlineData("debian12-min", "debian12-min", null, null, null)]
    [InlineData("debian12-min@deploy:2026031109%x86_64", "debian12-min", "deploy", 2026031109L, "x86_64")]
    [InlineData("mine:2", "mine", null, 2L, null)]
    [InlineData("mine@jdoe", "mine", "jdoe", null, null)]
    public void A_specification_is_taken_apart(string text, string name, string? user, long? version, string? architecture)
    {
        EnvironmentSpecification specification = EnvironmentSpecification.Parse(text);

        Assert.Equal((name, user, version, architecture),
            (specification.Name, specification.User, specification.Version, specification.Architecture));
        Assert.Equal(text, specification.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("-e")]
    [InlineData("a b")]
    [InlineData("a:x")]
    public void A_bad_specification_is_refused(string text)
    {
        G5kException refusal = Assert.Throws<G5kException>(() => EnvironmentSpecification.Parse(text));
        Assert.Equal("InvalidEnvironmentName", refusal.Code);
    }
}
