using FuncChat.Web.Formats.UiMessages;

namespace FuncChat.Tests.Web.Formats;

public sealed class UiRunIdTests
{
    [Theory]
    [InlineData("turn_0001", 0, 0)]
    [InlineData("turn_0001.57", 57, 0)]
    [InlineData("turn_0001.0.99", 0, 99)]
    [InlineData("turn_0001.57.99", 57, 99)]
    public void Id_is_written_as_it_is_parsed(string text, long after, long foldedTo)
    {
        Assert.True(UiRunId.TryParse(text, out var id));

        Assert.Equal(new UiRunId("turn_0001", after, foldedTo), id);
        Assert.Equal(text, id.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("turn_0001.")]
    [InlineData("turn_0001.-1")]
    [InlineData("turn_0001.1.2.3")]
    [InlineData("turn 0001")]
    [InlineData("turn_0001.57\0")]
    public void Text_that_no_response_has_is_refused(string text) => Assert.False(UiRunId.TryParse(text, out _));
}
