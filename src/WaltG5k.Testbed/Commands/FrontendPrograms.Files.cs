using System.Text;

namespace WaltG5k.Testbed.Commands;

internal static partial class FrontendPrograms
{
    static readonly TimeSpan s_followEvery = TimeSpan.FromSeconds(1);

    static int Cat(ProgramCall call)
    {
        (List<string> texts, int status) = call.ReadOperands();
        foreach (string text in texts) call.Context.Write(text);
        return status;
    }

    static int Tee(ProgramCall call)
    {
        int status = 0;
        foreach (string path in call.Operands)
        {
            if (!call.Files.TryWrite(path, call.Context.Input, call.Has('a'))) status = call.Fail($"{path}: {NoSuchFile}");
        }
        call.Context.Write(call.Context.Input);
        return status;
    }

    static int Transfer(ProgramCall call, bool keeps)
    {
        if (call.Operands is not [string from, string to]) return call.Fail("missing file operand");
        if (!call.Files.IsFile(from)) return call.Fail($"cannot stat '{from}': {NoSuchFile}");
        return call.Files.TryMove(from, to, keeps) ? 0 : call.Fail($"cannot create regular file '{to}': {NoSuchFile}");
    }

    static int Remove(ProgramCall call)
    {
        int status = 0;
        bool recursively = call.Has('r') || call.Has('R');
        foreach (string path in call.Operands)
        {
            if (call.Files.Remove(path, recursively)) continue;
            if (call.Files.IsDirectory(path)) status = call.Fail($"cannot remove '{path}': Is a directory");
            else if (!call.Has('f')) status = call.Fail($"cannot remove '{path}': {NoSuchFile}");
        }
        return status;
    }

    static int MakeDirectory(ProgramCall call)
    {
        foreach (string path in call.Operands)
        {
            string full = call.Files.Absolute(path);
            if (!call.Has('p') && call.Files.Exists(full)) return call.Fail($"cannot create directory '{path}': File exists");
            bool hasParent = call.Has('p') || call.Files.IsDirectory(full[..Math.Max(1, full.LastIndexOf('/'))]);
            if (!hasParent || !call.Files.TryMakeDirectories(full))
                return call.Fail($"cannot create directory '{path}': {(hasParent ? "File exists" : NoSuchFile)}");
        }
        return 0;
    }

    static int Touch(ProgramCall call)
    {
        int status = 0;
        foreach (string path in call.Operands)
        {
            if (!call.Files.Exists(path) && !call.Files.TryWrite(path, "")) status = call.Fail($"cannot touch '{path}': {NoSuchFile}");
        }
        return status;
    }

    static int ChangeMode(ProgramCall call)
    {
        foreach (string path in call.Operands.Skip(1).Where(p => !call.Files.Exists(p))) return call.Fail($"cannot access '{path}': {NoSuchFile}");
        return 0;
    }

    static int Test(ProgramCall call)
    {
        string[] words = [.. call.Context.Arguments.Where(a => a != "--")];
        if (call.Name == "[")
        {
            if (words is not [.., "]"]) return call.Fail("missing `]'", 2);
            words = words[..^1];
        }
        bool negated = words is ["!", ..];
        if (negated) words = words[1..];
        bool? holds = words switch
        {
            ["-e", string path] => call.Files.Exists(path),
            ["-f" or "-r" or "-w", string path] => call.Files.IsFile(path),
            ["-x", string path] => call.Files.Exists(path),
            ["-O", string path] => call.Files.IsOwn(path),
            ["-d", string path] => call.Files.IsDirectory(path),
            ["-s", string path] => call.Files.Read(path) is { Length: > 0 },
            ["-n", string text] => text.Length > 0,
            ["-z", string text] => text.Length == 0,
            [string a, "=" or "==", string b] => a == b,
            [string a, "!=", string b] => a != b,
            [string text] => text.Length > 0,
            _ => null,
        };
        return holds is null ? call.Fail("unknown condition", 2) : holds != negated ? 0 : 1;
    }

    static int List(ProgramCall call)
    {
        int status = 0;
        foreach (string path in call.Operands.Count > 0 ? call.Operands : ["."])
        {
            if (call.Files.IsDirectory(path))
            {
                foreach (string name in call.Files.List(path).Where(n => call.Has('a') || call.Has('A') || !n.StartsWith('.')))
                    call.Context.WriteLine(name);
            }
            else if (call.Files.IsFile(path)) call.Context.WriteLine(path);
            else status = call.Fail($"cannot access '{path}': {NoSuchFile}", 2);
        }
        return status;
    }

    static int Head(ProgramCall call)
    {
        (string count, string[] paths) = TakeCount(call);
        if (!int.TryParse(count, out int lines)) return call.Fail($"invalid number of lines: '{count}'");
        string? text = paths.Length == 0 ? call.Context.Input : call.Files.Read(paths[0]);
        if (text is null) return call.Fail($"cannot open '{paths[0]}' for reading: {NoSuchFile}");
        call.Context.Write(string.Concat(Lines(text).Take(lines)));
        return 0;
    }

    static async Task<int> TailAsync(ProgramCall call)
    {
        (string count, string[] paths) = TakeCount(call);
        if (!int.TryParse(count, out int number)) return call.Fail($"invalid number of lines: '{count}'");
        bool retries = call.Has('F'), follows = retries || call.Has('f');
        if (paths.Length == 0)
        {
            call.Context.Write(Tail(call.Context.Input, count, number));
            return 0;
        }
        string path = paths[0];
        string? text = call.Files.Read(path);
        if (text is null)
        {
            call.Fail($"cannot open '{path}' for reading: {NoSuchFile}");
            if (!retries) return 1;
        }
        else
        {
            call.Context.Write(Tail(text, count, number));
        }
        if (follows) await FollowAsync(call, path, text).ConfigureAwait(false);
        return 0;
    }

    // Until it is interrupted. A file that is gone or shorter than before is followed anew.
    static async Task FollowAsync(ProgramCall call, string path, string? known)
    {
        while (true)
        {
            await Task.Delay(s_followEvery, call.Context.World.Time, call.Context.Interrupted).ConfigureAwait(false);
            string? now = call.Files.Read(path);
            if (now == known) continue;
            if (now is null)
            {
                if (known is not null) call.Fail($"'{path}' has become inaccessible: {NoSuchFile}");
            }
            else if (known is null)
            {
                call.Fail($"'{path}' has appeared;  following new file");
                call.Context.Write(now);
            }
            else if (now.Length < known.Length)
            {
                call.Fail($"{path}: file truncated");
                call.Context.Write(now);
            }
            else
            {
                call.Context.Write(now[known.Length..]);
            }
            known = now;
        }
    }

    static string Tail(string text, string count, int number)
    {
        string[] lines = Lines(text);
        return string.Concat(count.StartsWith('+') ? lines.Skip(Math.Max(0, number - 1)) : lines.TakeLast(Math.Abs(number)));
    }

    // -n 5, -n5, -5; the other operands are files.
    static (string Count, string[] Paths) TakeCount(ProgramCall call)
    {
        IReadOnlyList<string> words = call.Context.Arguments;
        string count = "10";
        var paths = new List<string>();
        bool onlyPaths = false;
        for (int i = 0; i < words.Count; i++)
        {
            string word = words[i];
            if (onlyPaths || word.Length < 2 || word[0] != '-') paths.Add(word);
            else if (word == "--") onlyPaths = true;
            else if (word is "-n" && i + 1 < words.Count) count = words[++i];
            else if (word.StartsWith("-n", StringComparison.Ordinal)) count = word[2..];
            else if (char.IsAsciiDigit(word[1])) count = word[1..];
        }
        return (count, [.. paths]);
    }

    /// <summary>Each with its end.</summary>
    static string[] Lines(string text)
    {
        var lines = new List<string>();
        for (int start = 0; start < text.Length;)
        {
            int end = text.IndexOf('\n', start);
            end = end < 0 ? text.Length : end + 1;
            lines.Add(text[start..end]);
            start = end;
        }
        return [.. lines];
    }
}
