using System.Management.Automation;
using WaltG5k.Commands;
using WaltG5k.Core;
using WaltG5k.Core.Kadeploy;
using WaltG5k.Host;

namespace WaltG5k.Tests.Host;

/// <summary>The cmdlets over environments in real pipelines on the embedded testbed.</summary>
public sealed class EnvironmentCmdletTests : IDisposable
{
    readonly HostSession _session = new(new HostOptions { Variables = new Dictionary<string, object?> { ["ConfirmPreference"] = "None" } });
    readonly string _folder = Directory.CreateTempSubdirectory("waltg5k-tests-").FullName;

    public EnvironmentCmdletTests() => Assert.Empty(_session.Invoke("Connect-G5k -Testbed -Speed 0 -Force").Errors);

    public void Dispose()
    {
        _session.Dispose();
        Directory.Delete(_folder, true);
    }

    IReadOnlyList<T> Run<T>(string pipeline)
    {
        HostResult result = _session.Invoke(pipeline);
        Assert.True(result.Errors.Count == 0, $"{pipeline}: {string.Join("; ", result.Errors)}");
        return [.. result.Objects.Cast<T>()];
    }

    ErrorRecord Fail(string pipeline, string id)
    {
        ErrorRecord error = Assert.Single(_session.Invoke(pipeline).Errors);
        Assert.StartsWith($"{id},", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.NotEmpty(error.ErrorDetails!.RecommendedAction);
        return error;
    }

    [Fact]
    public void Environments_are_chosen_by_name_architecture_and_version()
    {
        Assert.Equal(3, Run<EnvironmentInfo>("Get-G5kEnvironment debian12-min -Site nancy").Count);
        Assert.Equal("debian12-min", Assert.Single(Run<EnvironmentInfo>("Get-G5kEnvironment debian12-x64-min -Site nancy")).Name);
        Assert.Equal(2, Run<EnvironmentInfo>("Get-G5kEnvironment debian12-min -Site nancy, rennes -Arch aarch64").Count);
        Assert.Equal([2025111814L, 2026031109L],
            Run<EnvironmentInfo>("Get-G5kEnvironment debian12-min -Site nancy -Arch x86* -AllVersion").Select(e => e.Version).Order());
        Assert.Equal(2025111814L, Assert.Single(
            Run<EnvironmentInfo>("Get-G5kEnvironment 'debian12-min@deploy:2025111814%x86_64' -Site nancy")).Version);
        Assert.Empty(Run<EnvironmentInfo>("Get-G5kEnvironment debian12* -Site nancy -Visibility Private"));
        Assert.Equal("nosuch", Fail("Get-G5kEnvironment nosuch -Site nancy", "EnvironmentNotFound").TargetObject);
        Fail("Get-G5kEnvironment x -Site nowhere", "SiteNotFound");
        Assert.Equal(2, Run<EnvironmentInfo>("Get-G5kEnvironment debian12-min -Site nancy, rennes -Arch aarch64 -UseApi").Count);
        Assert.Equal("debian12-min", Assert.Single(Run<EnvironmentInfo>("Get-G5kEnvironment debian12-x64-min -Site nancy -UseApi")).Name);
        Fail("Get-G5kEnvironment nosuch -Site nancy -UseApi", "EnvironmentNotFound");
    }

    [Fact]
    public void Files_are_named_with_wildcards_in_any_part_and_literally()
    {
        foreach (string folder in (string[])["a1", "a2", "b1"])
        {
            Directory.CreateDirectory(Path.Combine(_folder, folder));
            Run<object>(
                $"New-G5kEnvironment in-{folder} -Environment 'debian12-min%x86_64' -Site nancy | Export-G5kEnvironment -Path {_folder}/{folder}/mine.yaml");
        }
        File.Copy(Path.Combine(_folder, "a1", "mine.yaml"), Path.Combine(_folder, "m[1].yaml"));
        Assert.Equal(["in-a1", "in-a2"], Run<EnvironmentDescription>($"Import-G5kEnvironment {_folder}/a*/m*.yaml").Select(d => d.Name));
        Assert.Equal("in-a1", Assert.Single(Run<EnvironmentDescription>($"Import-G5kEnvironment '{_folder}/m[1].yaml'")).Name);
        Assert.Equal("in-a1", Assert.Single(Run<EnvironmentDescription>($"Import-G5kEnvironment -LiteralPath '{_folder}/m[1].yaml'")).Name);
        Fail($"Import-G5kEnvironment {_folder}/c*/m.yaml", "PathNotFound");
        Fail($"Import-G5kEnvironment {_folder}/absent.yaml", "PathNotFound");
    }

    [Fact]
    public void A_variant_is_described_written_read_registered_changed_and_removed()
    {
        string file = Path.Combine(_folder, "mine.yaml");
        EnvironmentDescription made = Assert.Single(
            Run<EnvironmentDescription>(
            "New-G5kEnvironment mine -Environment 'debian12-min%x86_64' -Site nancy -KernelParameter quiet -CustomVariable @{ a = 1 }"));
        Assert.Equal(("mine", 1L, EnvironmentVisibility.Private, "quiet", "1"),
            (made.Name, made.Version, made.Visibility, made.Boot.KernelParameters, made.CustomVariables["a"]));
        Run<object>($"New-G5kEnvironment mine -Environment 'debian12-min%x86_64' -Site nancy | Export-G5kEnvironment -Path {file}");
        Fail($"New-G5kEnvironment mine -Environment 'debian12-min%x86_64' -Site nancy | Export-G5kEnvironment -Path {file}", "FileExists");
        Assert.Equal("mine", Assert.Single(Run<EnvironmentDescription>($"Import-G5kEnvironment {_folder}/*.yaml")).Name);
        Assert.Equal("told", Assert.Single(Run<EnvironmentDescription>($"Edit-G5kEnvironment -LiteralPath {file} -Description told")).Description);
        Assert.Contains("description: told", File.ReadAllText(file), StringComparison.Ordinal);
        Assert.True(Assert.Single(Run<bool>($"Test-G5kEnvironment {file}")));

        Assert.Equal(["nancy", "rennes"], Run<EnvironmentInfo>($"Register-G5kEnvironment -Path {file} -Site nancy, rennes").Select(e => e.Site)
            .Order());
        Fail($"Register-G5kEnvironment -Path {file} -Site nancy", "EnvironmentExists");
        Assert.Equal(2, Assert.Single(Run<EnvironmentInfo>($"Register-G5kEnvironment -Path {file} -Site nancy -Force")).Version);
        Assert.Equal(EnvironmentVisibility.Shared,
            Assert.Single(Run<EnvironmentInfo>("Set-G5kEnvironment mine -Site nancy -Visibility Shared -Destructive -PassThru")).Visibility);
        Assert.False(Assert.Single(Run<EnvironmentInfo>(
            "Get-G5kEnvironment mine -Site nancy | Set-G5kEnvironment -Destructive:$false -UpdateChecksum -PassThru")).IsDestructive);
        Fail("Set-G5kEnvironment mine -Site nancy", "NothingToSet");
        Fail("Unregister-G5kEnvironment 'debian12-min@deploy' -Site nancy", "EnvironmentDenied");
        Run<object>("Unregister-G5kEnvironment mine -Site nancy, rennes -AllVersion");
        Assert.Empty(Run<EnvironmentInfo>("Get-G5kEnvironment -Site nancy, rennes -Visibility Private, Shared"));
    }

    [Fact]
    public void Mistakes_in_a_file_are_told_with_their_lines()
    {
        string file = Path.Combine(_folder, "bad.yaml");
        File.WriteAllText(file,
            "name: bad\nversion: 1\nos: linux\nimage:\n  file: x.tgz\n  kind: tarr\n  compression: gzip\nboot:\n  kernel: /vmlinuz\n  initrd: /i\nfilesystem: ext4\nfilesytem2: x\n");
        ErrorRecord error = Fail($"Import-G5kEnvironment {file}", "DescriptionInvalid");
        Assert.Contains("line 6:", error.ErrorDetails!.Message, StringComparison.Ordinal);
        Fail($"Edit-G5kEnvironment -LiteralPath {file} -Description x", "DescriptionInvalid");
        Fail($"Register-G5kEnvironment -Path {file} -Site nancy", "DescriptionInvalid");
        Assert.False(Assert.Single(Run<bool>($"Test-G5kEnvironment {file}")));
        Fail($"Import-G5kEnvironment {_folder}/none.yaml", "PathNotFound");
        Fail("Import-G5kEnvironment -Uri http://public.nancy.grid5000.fr/~nobody/x.yaml -Site nancy", "DescriptionNotFetched");
    }

    [Fact]
    public void WhatIf_registers_nothing()
    {
        Run<object>("New-G5kEnvironment other -ImageFile /home/x/y.tgz | Register-G5kEnvironment -Site nancy -WhatIf");
        Assert.Empty(Run<EnvironmentInfo>("Get-G5kEnvironment o* -Site nancy"));
    }
}

public sealed class DescriptionEditorTests : IDisposable
{
    const string Good =
        "name: mine\nversion: 1\nos: linux\nimage:\n  file: x.tgz\n  kind: tar\n  compression: gzip\nboot:\n  kernel: /vmlinuz\n  initrd: /initrd.img\nfilesystem: ext4\n";

    readonly string _home = Directory.CreateTempSubdirectory("waltg5k-tests-").FullName;
    readonly Queue<string> _texts = [];
    readonly List<string> _messages = [];

    public void Dispose() => Directory.Delete(_home, true);

    string[] Drafts => Directory.GetFiles(Path.Combine(_home, ".walt-g5k", "drafts"));

    Task<string?> EditAsync(int choice, params string[] typed)
    {
        foreach (string text in typed) _texts.Enqueue(text);
        return new DescriptionEditor(new Answers(choice, _messages), new DraftFolder(_home), draft => File.WriteAllTextAsync(draft, _texts.Dequeue()))
            .EditAsync(Good, "mine.yaml");
    }

    [Fact]
    public async Task What_is_right_is_accepted_and_what_is_unchanged_is_nothing()
    {
        Assert.Equal(Good + "author: me\n", await EditAsync(0, Good + "author: me\n"));
        Assert.Null(await EditAsync(0, Good));
        Assert.Empty(Drafts);
    }

    [Fact]
    public async Task A_mistake_is_shown_with_its_line_and_mended_in_the_same_draft()
    {
        string bad = Good.Replace("kind: tar", "kind: tarr", StringComparison.Ordinal);
        Assert.Equal(Good + "author: me\n", await EditAsync(0, bad, Good + "author: me\n"));
        Assert.Contains("line 6:", Assert.Single(_messages), StringComparison.Ordinal);
        Assert.Empty(Drafts);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task A_kept_draft_has_every_letter(int choice)
    {
        string bad = Good.Replace("kind: tar", "kind: tarr", StringComparison.Ordinal);
        G5kException error = await Assert.ThrowsAsync<G5kException>(() => EditAsync(choice, bad));
        Assert.Equal("DescriptionDraftKept", error.Code);
        Assert.Equal(bad, await File.ReadAllTextAsync(Assert.Single(Drafts)));
        Assert.Contains(Drafts[0], error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_draft_may_be_thrown_away()
    {
        Assert.Null(await EditAsync(2, "nonsense"));
        Assert.Empty(Drafts);
    }

    sealed class Answers(int choice, List<string> messages) : IDialogue
    {
        public Task<int> ChooseAsync(string caption, string message, IReadOnlyList<string> choices, int defaultChoice)
        {
            messages.Add(message);
            return choice >= 0 ? Task.FromResult(choice) : throw Failures.NoPrompt(new InvalidOperationException());
        }

        public Task<string> AskAsync(string question) => throw new InvalidOperationException(question);
    }
}
