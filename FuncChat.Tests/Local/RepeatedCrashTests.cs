using FuncChat.Tests.Support;

namespace FuncChat.Tests.Local;

/// <summary>A turn whose process is killed again and again.</summary>
public sealed class RepeatedCrashTests : CrashBench
{
    [Fact]
    public async Task Turn_survives_kills_at_any_event()
    {
        const int Rounds = 4;
        for (var round = 0; round < Rounds; round++)
        {
            var query = $"query {round}";
            Upstream.Answers.Add(answer => answer.Text("Look ", "again.").ToolCall("call_0", "search_web", $$"""{"query":"{{query}}"}""").Ends("tool_calls"));
        }

        Upstream.Answers.Add(answer => answer.Text([.. Enumerable.Range(0, 20).Select(n => $"word{n} ")]).Ends());
        var searchedWhenSeen = new Dictionary<string, int>();

        foreach (var step in new[] { 1, 3, 5, 2, 7, 11 })
        {
            var target = Seen.Count + step;
            await LiveAsync(_ => Seen.Count >= target);
            foreach (var result in Seen.Where(e => e.Name == "tool_call_result"))
            {
                var query = $"query {searchedWhenSeen.Count}";
                searchedWhenSeen.TryAdd(result.Text("id")!, Upstream.Searched(query));
            }
        }

        await LiveAsync(_ => false);

        var whole = await WholeAsync();
        Assert.Equal(Rounds, whole.Count(e => e.Name == "tool_call_result"));
        foreach (var (index, (_, count)) in searchedWhenSeen.Index())
            Assert.Equal(count, Upstream.Searched($"query {index}"));
        Assert.Equal(string.Concat(Enumerable.Range(0, 20).Select(n => $"word{n} ")), SseEvent.LastAnswer(whole));
    }
}
