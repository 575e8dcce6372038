using FuncChat.Engine;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.Catalog;
using Moq;

namespace FuncChat.Tests.Engine.Models.Catalog;

public sealed class ModelCatalogTests
{
    private static readonly ModelProvider OpenAi = Provider("openai", ["gpt-4o-mini", "shared"], takesAny: true);
    private static readonly ModelProvider Groq = Provider("groq", ["llama-3.3-70b-versatile", "shared"], takesAny: false);
    private static readonly ModelProvider Ollama = Provider("ollama", ["llama3.2:3b", "groq:odd", "groq:shared"], takesAny: false);

    private readonly ModelCatalog _catalog = new([OpenAi, Groq, Ollama]);

    [Theory]
    [InlineData(null, "openai", "gpt-4o-mini")]
    [InlineData("openai:gpt-4o-mini", "openai", "gpt-4o-mini")]
    [InlineData("openai:gpt-99", "openai", "gpt-99")]
    [InlineData("openai:ft:gpt-4o:acme::1", "openai", "ft:gpt-4o:acme::1")]
    [InlineData("groq:llama-3.3-70b-versatile", "groq", "llama-3.3-70b-versatile")]
    [InlineData("llama-3.3-70b-versatile", "groq", "llama-3.3-70b-versatile")]
    [InlineData("llama3.2:3b", "ollama", "llama3.2:3b")]
    [InlineData("ollama:llama3.2:3b", "ollama", "llama3.2:3b")]
    [InlineData("groq:shared", "groq", "shared")]
    [InlineData("groq:odd", "ollama", "groq:odd")]
    public void Catalog_resolves_a_name(string? asked, string provider, string name)
    {
        Assert.True(_catalog.TryResolve(asked, out var model, out var error));

        Assert.Null(error);
        Assert.Equal((provider, name), (model.Provider, model.Name));
        Assert.Same(new[] { OpenAi, Groq, Ollama }.Single(each => each.Models.Provider == provider).Model, model.Model);
    }

    [Theory]
    [InlineData("shared", "openai:shared or groq:shared")]
    [InlineData("gpt-99", "openai:gpt-4o-mini")]
    [InlineData("groq:gpt-99", "openai:…")]
    [InlineData("openai:", "openai:gpt-4o-mini")]
    [InlineData("", "openai:gpt-4o-mini")]
    [InlineData(":", "openai:gpt-4o-mini")]
    [InlineData("GROQ:llama-3.3-70b-versatile", "groq:llama-3.3-70b-versatile")]
    [InlineData("demo:scripted", "openai:gpt-4o-mini")]
    public void Catalog_lists_the_models_when_a_name_is_unknown_or_ambiguous(string asked, string named)
    {
        Assert.False(_catalog.TryResolve(asked, out var model, out var error));

        Assert.Null(model);
        Assert.Equal((ErrorCode.InvalidRequest, "$.model"), (error.Code, error.Path));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Catalog_keeps_its_error_short_and_printable_when_a_name_is_garbage()
    {
        Assert.False(_catalog.TryResolve("\ud800\r\n\0\u202e\u2028" + new string('x', 100_000), out _, out var error));

        Assert.InRange(error.Message.Length, 1, 500);
        Assert.DoesNotContain(error.Message, letter => char.IsControl(letter) || char.IsSurrogate(letter) || letter is '\u202e' or '\u2028');
    }

    [Fact]
    public void Catalog_lists_every_model_and_marks_one_default()
    {
        Assert.Equal(
            ["openai:gpt-4o-mini", "openai:shared", "groq:llama-3.3-70b-versatile", "groq:shared", "ollama:llama3.2:3b", "ollama:groq:odd", "ollama:groq:shared"],
            _catalog.All.Select(model => model.Id));
        Assert.Equal("openai:gpt-4o-mini", Assert.Single(_catalog.All, model => model.IsDefault).Id);
    }

    [Fact]
    public void Catalog_resolves_each_model_that_it_lists_by_its_id()
    {
        Assert.All(_catalog.All, listed =>
        {
            Assert.True(_catalog.TryResolve(listed.Id, out var model, out _));
            Assert.Equal((listed.Provider, listed.Name, listed.Id), (model.Provider, model.Name, model.Id));
        });
    }

    [Fact]
    public void Catalog_lists_the_default_when_its_provider_does_not()
    {
        var catalog = new ModelCatalog([Groq, OpenAi], "openai:gpt-99");

        var listed = Assert.Single(catalog.All, model => model.IsDefault);
        Assert.Equal("openai:gpt-99", listed.Id);
        Assert.True(catalog.TryResolve(null, out var model, out _));
        Assert.Equal(listed.Id, model.Id);
    }

    [Fact]
    public void Catalog_asks_for_a_name_when_no_model_is_listed()
    {
        var catalog = new ModelCatalog([Provider("ollama", [], takesAny: true)]);

        Assert.False(catalog.TryResolve(null, out _, out var error));
        Assert.Contains("ollama:…", error.Message, StringComparison.Ordinal);
        Assert.Empty(catalog.All);
    }

    private static ModelProvider Provider(string name, string[] models, bool takesAny) =>
        new(new ProviderModels(name, models, takesAny), Mock.Of<IModel>(), model => model);
}
