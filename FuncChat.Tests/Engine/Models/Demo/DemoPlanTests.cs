using FuncChat.Engine.Models.Demo;
using FuncChat.Engine.Plans;
using static FuncChat.Tests.Engine.Models.Demo.DemoMessages;

namespace FuncChat.Tests.Engine.Models.Demo;

public sealed class DemoPlanTests
{
    [Theory]
    [InlineData("How do \"tides\" work in the Channel?")]
    [InlineData("?")]
    [InlineData("\ud83c")]
    public void Plan_is_one_whatever_is_asked(string question)
    {
        var read = PlanReader.Read(For(question));

        Assert.Null(read.Error);
        var plan = read.Value!;
        Assert.Contains("not an AI", plan.Reasoning, StringComparison.Ordinal);
        Assert.Single(plan.Questions);
    }

    [Fact]
    public void Plan_asks_nothing_when_its_question_is_answered()
    {
        var plan = PlanReader.Read(For("How do tides work?\n\nYou asked before, and I answered:\n\n- You: What for?\n  I: School."));

        Assert.Empty(plan.Value!.Questions);
        Assert.Equal(["tides", "work"], plan.Value.SearchKeywords[0]);
    }

    private static string For(string question) => DemoPlan.For(DemoConversation.Read([Instructions("Plan."), User(question)]));
}
