using FuncChat.Tools.Scrape;
using FuncChat.Tools.Search;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tools.Research;

internal static class ResearchServices
{
    /// <summary>Adds the tool `research`, which searches by <see cref="WebSearch"/> and reads by <see cref="PageReader"/>.</summary>
    public static IServiceCollection AddResearch(this IServiceCollection services) => services.AddSingleton(
        provider => new ResearchTool(new ResearchWeb(provider.GetRequiredService<WebSearch>(), provider.GetRequiredService<PageReader>())).AsTool());
}
