using System.Text;
using WaltG5k.Core.Execution;

namespace WaltG5k.Tests.Execution;

public sealed class MarkedOutputTests
{
    const string Text = "motd\n\u001ew b\nfirst\u001e\u001ew x\nno newline\u001ew e 17\nlate";

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1000)]
    public async Task A_command_is_what_lies_between_its_marks_however_it_is_cut(int size)
    {
        var output = new MarkedOutput("w");
        output.Expect(1000);
        foreach (byte[] part in Encoding.UTF8.GetBytes(Text).Chunk(size)) output.Feed(part);
        Assert.Equal(17, await output.Finished);
        // Record separators, and marks of another kind, are the command's own.
        Assert.Equal(("first\u001eno newline", "motd\nlate", 0L), (output.Text, output.Noise, output.Dropped));
    }

    [Fact]
    public void What_looks_like_a_mark_of_another_word_is_output()
    {
        var output = new MarkedOutput("w");
        output.Expect(1000);
        output.Feed("\u001ew b\n\u001ev e 0\n\u001ew e 00000000000\n"u8);
        Assert.False(output.Finished.IsCompleted);
        Assert.Equal("\u001ev e 0\n\u001ew e 00000000000\n", output.Text);
    }

    [Fact]
    public void More_than_the_limit_is_counted()
    {
        var output = new MarkedOutput("w");
        output.Expect(4);
        output.Feed("\u001ew b\nabcdef\u001ew e 0\n"u8);
        Assert.Equal(("abcd", 2L, true), (output.Text, output.Dropped, output.Finished.IsCompletedSuccessfully));
        output.Expect(4);
        Assert.Equal(("", 0L, false), (output.Text, output.Dropped, output.Finished.IsCompleted));
    }
}
