using FuncChat.Engine.Models;

namespace FuncChat.Tests.Engine.Models.OpenAi;

public sealed class SentCallIdsTests
{
    // A search from the start for each call would take minutes here.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Calls_with_one_id_get_different_ones_in_proportional_time(bool isShort)
    {
        var ids = new SentCallIds(isShort ? ToolCallIdForm.NineCharacters : ToolCallIdForm.Usual);

        var sent = Enumerable.Range(0, 100_000).Select(_ => ids.Add("call")).ToList();

        Assert.Equal(sent.Count, sent.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(sent[^1], ids.Of("call"));
    }

    [Fact]
    public void Id_that_another_call_has_already_is_passed_over()
    {
        var ids = new SentCallIds();

        Assert.Equal(["call_2", "call", "call_3"], [ids.Add("call_2"), ids.Add("call"), ids.Add("call")]);
    }
}
