using FuncChat.Engine.Models;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.Threads;
using Moq;

namespace FuncChat.Tests.Engine.Threads;

public sealed class TitleModelCheckTests
{
    [Theory]
    [InlineData("openai:gpt-typo", false)]
    [InlineData("openai:gpt-5", true)]
    [InlineData("gpt-5", true)]
    [InlineData("ollama:any", true)]
    [InlineData("llama3.2:3b", true)]
    public void Title_model_is_looked_up_at_the_provider_that_it_names(string model, bool isAccepted)
    {
        var catalog = new ModelCatalog([Provider("openai", ["gpt-5"], takesAny: false), Provider("ollama", [], takesAny: true)]);

        var result = new TitleModelCheck(() => catalog).Validate(null, new ThreadOptions { TitleModel = model });

        Assert.Equal(isAccepted, result.Succeeded);
    }

    private static ModelProvider Provider(string name, string[] listed, bool takesAny) =>
        new(new ProviderModels(name, listed, takesAny), Mock.Of<IModel>(), described => described);
}
