using System.Text.Json;
using FuncChat.Engine.Models;

namespace FuncChat.Engine.Plans;

/// <summary>
/// The shape of a plan. Of JSON Schema it uses no more than what providers' strict modes take: every property required, none else allowed.
/// The reasoning stands first, so that a model thinks before it decides, and people can read along.
/// </summary>
internal static class PlanSchema
{
    public const string Reasoning = "reasoning";

    public const string Json = """
        {
          "type": "object",
          "additionalProperties": false,
          "required": ["reasoning", "text", "search_keywords", "questions", "persona", "complexity"],
          "properties": {
            "reasoning": {
              "type": "string",
              "description": "What the question is about, what makes it hard, and why you plan as you do. A few sentences, to the person."
            },
            "text": { "type": "string", "description": "The plan, in Markdown: the steps in which the question is to be answered." },
            "search_keywords": {
              "type": "array",
              "description": "The web searches to make, in order; each a list of the key words of one search. Empty where nothing must be looked up.",
              "items": { "type": "array", "items": { "type": "string" } }
            },
            "questions": {
              "type": "array",
              "description": "What only the person can tell, and would change the plan. Empty where all is clear.",
              "items": { "type": "string" }
            },
            "persona": { "type": "string", "description": "The expert who should write the answer, in a few words." },
            "complexity": { "type": "string", "enum": ["simple", "moderate", "complex"] }
          }
        }
        """;

    public static ResponseSchema ForModel { get; } = new("plan", JsonElement.Parse(Json));
}
